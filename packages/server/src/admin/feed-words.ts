import { formatPosition } from "@livecache/wire";
import type { FeedKind, FeedLine } from "@livecache/wire";
import type { SignalKinds } from "../base/signals.ts";

type Said = Pick<FeedLine, "words" | "details">;

/** What a line of a kind is made of. */
interface Heard extends Omit<SignalKinds, "cache" | "applied" | "told" | "watched"> {
  readonly hit: Extract<SignalKinds["cache"], { readonly type: "answered" | "loaded" }>;
  readonly miss: Extract<SignalKinds["cache"], { readonly type: "answered" | "loaded" }>;
}

/** Most tags and events that a line names. */
const MOST_NAMED = 5;

/** Puts what happened into words. */
export function lineOf<Kind extends FeedKind>(kind: Kind, what: Heard[Kind]): Said {
  return (SAY[kind] as (heard: Heard[Kind]) => Said)(what);
}

const SAY: { readonly [Kind in FeedKind]: (what: Heard[Kind]) => Said } = {
  change({ changeId, scope, position, tags, events, ms }) {
    const waits = scope === "local" ? ", and waits for the ground" : "";
    const told = events.map(({ channel, name }) => `${name} to ${channel}`);
    const own = tags.filter((tag) => !isSubtreeOf(tag, tags));
    const done = own.length > 0 ? `${listed(own)} changed` : `${listed(told)} was published`;
    return {
      words: `${done}${waits}`,
      details: {
        ...{ changeId, scope, ms: round(ms), tagCount: tags.length, tags: own.slice(0, MOST_NAMED) },
        ...(position && { position: formatPosition(position) }),
        events: events.slice(0, MOST_NAMED).map(({ channel, name }) => ({ channel, name })),
      },
    };
  },
  event: ({ changeId, channel, name, members }) => ({
    words: `${name} reached ${counted(members, "member")} of ${channel}`,
    details: { changeId, channel, name, members },
  }),
  hit: read,
  miss: read,
  ground: ({ state, cause }) => ({
    words: state === "here" ? "the ground answers" : `the ground is away: ${cause ?? "nobody knows why"}`,
    details: { state, ...(cause !== undefined && { cause }) },
  }),
  socket: ({ happened, socketId, userId }) => ({
    words: `${userId ?? "nobody"} ${happened === "opened" ? "connected" : "is gone"}`,
    details: { happened, socketId, userId: userId ?? null },
  }),
  session: ({ happened, userId, session, count }) => ({
    words: sessionWords(happened, userId, count),
    details: { happened, userId: userId ?? null, count, ...(session !== undefined && { session }) },
  }),
  limit: ({ limit, subject, retryAfterMs }) => ({
    words: `${subject} has reached the limit ${limit}`,
    details: { limit, subject, retryAfterMs },
  }),
  refusal: ({ at, code, message, socketId, userId }) => ({
    words: `${userId ?? "nobody"} was refused ${at}: ${code}`,
    details: { at, code, message, socketId: socketId ?? null, userId: userId ?? null },
  }),
  act: ({ operator, action, target, reason, outcome }) => ({
    words: `${operator}: ${action}`,
    details: { operator, action, target, reason, outcome },
  }),
};

function read({ key, reason, ms }: Heard["hit"]): Said {
  return { words: `${key} was answered: ${reason}`, details: { key, reason, ms: round(ms) } };
}

function sessionWords(
  happened: SignalKinds["session"]["happened"],
  userId: string | undefined,
  count: number,
): string {
  const whose = userId === undefined ? "" : ` of ${userId}`;
  if (happened === "created") return `a session${whose} was begun`;
  if (happened === "rotated") return `a session${whose} got another id`;
  return `${counted(count, "session")}${whose} ended`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown || "nothing";
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** Whether a tag moves because another of the change does: `user:42:*` goes with `user:42`. */
function isSubtreeOf(tag: string, tags: readonly string[]): boolean {
  return tag.endsWith(":*") && tags.includes(tag.slice(0, -2));
}
