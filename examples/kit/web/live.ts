import { createLiveClient } from "@livecache/client";
import type { LiveClient, LiveError } from "@livecache/client";
import { useLiveClient } from "@livecache/client/react";
import { useCallback, useEffect, useState } from "react";
import type { ProblemAnswer } from "../src/problem.ts";
import { send } from "./request.ts";

const plainClient = (): LiveClient => createLiveClient();

/**
 * A live client that lasts as long as the component: its connection opens with the cookie of whoever is signed in now. `make` is for applications
 * whose clients do more than that; another function makes another client.
 */
export function useOwnLiveClient(make: () => LiveClient = plainClient): LiveClient | undefined {
  const [client, setClient] = useState<LiveClient>();
  useEffect(() => {
    const made = make();
    setClient(made);
    return () => made.close();
  }, [make]);
  return client;
}

/** Sends JSON through the live client, so that whatever this page reads afterwards is at least as new as the write. */
export function useSend(): <Answer>(method: string, path: string, body?: unknown) => Promise<Answer> {
  const client = useLiveClient();
  return useCallback((method, path, body) => send(client.fetch, { method, path, body }), [client]);
}

/** The HTTP status behind a failed live query, if the server answered. */
export function statusOf(error: LiveError): number | undefined {
  return error.details["status"] as number | undefined;
}

/** A failed live query in words for the reader. */
export function wordsFor(error: LiveError): string {
  const problem = error.details["body"] as Partial<ProblemAnswer> | undefined;
  return problem?.detail ?? "The server cannot be reached. The page tries again by itself.";
}
