import { createContext, use } from "react";
import type { Client } from "./client.ts";

/** Who looks on, and what at. */
export interface About {
  readonly title: string;
  readonly others: readonly { readonly title: string; readonly href: string }[];
  /** Whether cached values are shown. */
  readonly values: boolean;
  readonly operator: { readonly name: string; readonly role: "read" | "act" };
}

/** What every part of the console may use. */
export interface Surroundings {
  readonly client: Client;
  readonly about: About;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** What surrounds a part of the console. */
export function useSurroundings(): Surroundings {
  const found = use(SurroundingsContext);
  if (!found) throw new Error("This part stands outside of the console.");
  return found;
}
