import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Ground, Realm } from "../ports/ground.ts";
import { createTokens } from "../tokens/tokens.ts";
import type { TokenRoom } from "../tokens/tokens.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What the room needs from the node. */
export interface TokenSurroundings {
  readonly node: string;
  readonly ground: Pick<Ground, "onStatus">;
  readonly stores: Pick<Realm, "revocationStore">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly warn: ResolvedOptions["warn"];
}

/** Opens the room of revocations, which compares with the ground as soon as that is back. */
export function openTokens(
  around: TokenSurroundings,
  told: {
    readonly onAppended: (position: Position) => void;
    readonly onPending: (tags: readonly string[]) => void;
  },
): TokenRoom {
  const { node, ground, stores, clock, tasks, signal, warn } = around;
  const room = createTokens({
    ...{ node, store: stores.revocationStore, clock, tasks, signal, warn },
    ...told,
  });
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "here") room.wake();
  });
  signal.addEventListener("abort", stopListening, { once: true });
  return room;
}
