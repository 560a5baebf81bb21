import type { TypingFrame } from "@livecache/wire";
import type { AnyVoice } from "./channel-subscription.ts";
import type { LiveClient } from "./client.ts";
import { createStore } from "./store.ts";
import type { Store } from "./store.ts";

/** Who types in a channel, without this user. */
export interface TypingSnapshot {
  /** At most 50 ids, in order. */
  readonly users: readonly string[];
  /** How many type besides. */
  readonly more: number;
}

/** Who types in a channel, as a store; and how this client says that its own user does. */
export interface ChannelTyping extends Store<TypingSnapshot>, Pick<AnyVoice, "typing"> {}

/** Nobody types. */
export const QUIET: TypingSnapshot = Object.freeze({
  users: Object.freeze([]) as readonly string[],
  more: 0,
});

/** Who types in the channel of this name. The channel must have `typing: true` in the contract. */
export function typingIn(client: Pick<LiveClient, "listen" | "to">, channel: string): ChannelTyping {
  const hush = (): void => {
    if (store.getSnapshot() !== QUIET) store.set(QUIET);
  };
  const store = createStore(QUIET, () => {
    const subscription = client.listen(channel, {
      event: () => {},
      error: () => {},
      lost: hush,
      frame(name, body) {
        if (name !== "typing") return;
        const { users, more = 0 } = body as TypingFrame;
        store.set({ users, more });
      },
    });
    return () => {
      subscription.close();
      hush();
    };
  });
  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    typing: client.to(channel).typing,
  };
}
