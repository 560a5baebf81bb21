// First, because React looks for a document as soon as it is loaded.
import { page } from "./dom.ts";
import type { Contract } from "@livecache/wire";
import { StrictMode } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished } from "vitest";
import type { LiveClient } from "../src/client.ts";
import { LiveProvider } from "../src/react/live-provider.ts";

/** A mounted tree. */
export interface Mounted {
  readonly text: () => string;
  render(node: ReactNode): void;
  unmount(): void;
}

/** Mounts a tree below a provider, in strict mode, which mounts every component twice. It is unmounted after the test. */
export function mount(client: LiveClient<Contract>, node: ReactNode): Mounted {
  const place = page.createElement("div");
  const root = createRoot(place);
  const render = (child: ReactNode): void =>
    root.render(
      <StrictMode>
        <LiveProvider client={client}>{child}</LiveProvider>
      </StrictMode>,
    );
  render(node);
  onTestFinished(() => root.unmount());
  return { text: () => place.textContent, render, unmount: () => root.unmount() };
}
