import { LiveError, NOTIFICATIONS_CHANNEL, NOTIFICATION_EVENT, READ_EVENT } from "@livecache/wire";
import type { Contract, StandardSchema } from "@livecache/wire";
import type { Identity } from "../base/identity.ts";

/** First word of the names that users' own channels have. */
const [OWN_WORD = ""] = NOTIFICATIONS_CHANNEL.split("/");

/** Bodies are checked as they are made. */
const ANYTHING: StandardSchema = {
  "~standard": { version: 1, vendor: "livecache", validate: (value) => ({ value }) },
};

/**
 * A contract with the users' own channels, if it has notifications.
 *
 * @throws LiveError `LIVE_CONTRACT_INVALID` for a channel of the contract that could be taken for one of them
 */
export function withOwnChannel(contract: Contract): Contract {
  if (!contract.notifications) return contract;
  for (const pattern of Object.keys(contract.channels)) {
    const [first, ...others] = pattern.split("/");
    if (first !== OWN_WORD || others.length !== 1) continue;
    throw new LiveError(
      "LIVE_CONTRACT_INVALID",
      `Channel ${pattern}: names of two words that begin with "${OWN_WORD}" belong to notifications. Rename it.`,
    );
  }
  const events = { [NOTIFICATION_EVENT]: ANYTHING, [READ_EVENT]: ANYTHING };
  const own = { events, history: { events: KEPT_EVENTS.events, age: KEPT_EVENTS.age } };
  return { ...contract, channels: { ...contract.channels, [NOTIFICATIONS_CHANNEL]: own } };
}

/** How much of a user's own channel is kept for tabs that come back; whoever was away for longer asks for the list. */
export const KEPT_EVENTS = { events: 200, age: "1d", ageMs: 86_400_000 };

/** Who may join a user's own channel: the user. */
export function isOwnChannel(
  identity: Identity | undefined,
  { userId }: { readonly userId?: string },
): boolean {
  return identity !== undefined && identity.userId === userId;
}
