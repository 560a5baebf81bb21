import type { Contract } from "@livecache/wire";

/**
 * Where an application names its contract once, so that every hook and client knows it:
 *
 *     declare module "@livecache/client" {
 *       interface Register { contract: typeof contract }
 *     }
 */
export interface Register {}

/** The contract that the application has registered; without one, every channel and event is accepted and bodies are untyped. */
export type RegisteredContract = Register extends { readonly contract: infer C extends Contract }
  ? C
  : Contract;
