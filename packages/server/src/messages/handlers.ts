import type { Contract } from "@livecache/wire";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import type { Identity } from "../base/identity.ts";

/** A message as its handler receives it. */
export interface ReceivedMessage {
  /** What the contract's schema yields. */
  readonly data: unknown;
  readonly identity: Identity | undefined;
  readonly channel: string;
  readonly params: Readonly<Record<string, string>>;
  /** As the client chose it. */
  readonly id: string | undefined;
  /** Publishes an event to the message's channel. */
  publish(name: string, data: unknown): Promise<unknown>;
}

/** Handles the messages of one name; what it answers, as JSON, is the reply. */
export type MessageHandler = (message: ReceivedMessage) => unknown;

/** What is done with messages. */
export interface Handlers {
  /**
   * Adds handlers for the messages of a channel.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` for a channel or a message that the contract does not have, for what is no function, and for
   * a message that has a handler already; nothing is added then
   */
  add(pattern: string, handlers: Readonly<Record<string, MessageHandler>>): void;
  find(pattern: string, name: string): MessageHandler | undefined;
}

/** Makes an empty set of handlers. */
export function createHandlers({ channels }: Contract): Handlers {
  const byPattern = new Map<string, ReadonlyMap<string, MessageHandler>>();
  return {
    add(pattern, handlers) {
      const messages = Object.hasOwn(channels, pattern) ? channels[pattern]!.messages : undefined;
      if (!messages) {
        const known = Object.keys(channels).filter((name) => channels[name]!.messages);
        const expected = `a channel of the contract with messages (${known.join(", ") || "there is none"})`;
        throw invalidOption("handle", expected, pattern);
      }
      refuseUnknown(`handle: ${pattern}`, handlers, Object.keys(messages));
      const own = byPattern.get(pattern) ?? new Map<string, MessageHandler>();
      for (const [name, handler] of Object.entries(handlers)) {
        const what = `handle: ${pattern}: ${name}`;
        if (typeof handler !== "function") throw invalidOption(what, "a function", handler);
        if (own.has(name)) throw invalidOption(what, "one handler for each message", "a second one");
      }
      byPattern.set(pattern, new Map([...own, ...Object.entries(handlers)]));
    },
    find: (pattern, name) => byPattern.get(pattern)?.get(name),
  };
}
