import { createContext, createElement, useContext } from "react";
import type { ReactElement, ReactNode } from "react";
import type { Contract } from "@livecache/wire";
import type { LiveClient } from "../client.ts";
import type { RegisteredContract } from "../register.ts";

const ClientContext = createContext<LiveClient<RegisteredContract> | undefined>(undefined);

/** What {@link LiveProvider} takes. */
export interface LiveProviderProps {
  /** Made once, outside the components; the provider does not close it. */
  readonly client: LiveClient<Contract>;
  readonly children?: ReactNode;
}

/** Gives the components below it their client. */
export function LiveProvider({ client, children }: LiveProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/**
 * The client of the nearest {@link LiveProvider}.
 *
 * @throws Error when there is no provider above
 */
export function useLiveClient(): LiveClient<RegisteredContract> {
  const client = useContext(ClientContext);
  if (!client) {
    throw new Error(
      "No live client here: wrap the application in <LiveProvider client={createLiveClient()}>.",
    );
  }
  return client;
}
