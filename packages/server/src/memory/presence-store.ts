import type { Clock } from "../base/clock.ts";
import type { Listening } from "../ports/ephemeral-lane.ts";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type {
  KeptDiff,
  KeptPage,
  KeptUser,
  PageQuery,
  PresenceStore,
  PresenceWrite,
} from "../ports/presence-store.ts";
import { createLeases } from "./presence-leases.ts";
import { byBytes, createPresentChannels } from "./present-channels.ts";
import type { PresentChannel, Said } from "./present-channels.ts";
import { createSpokenFor } from "./spoken-for.ts";

/** How many users of an ended incarnation are removed by one call. */
const REAPED_AT_ONCE = 500;

/** The presence store of one realm, in this process. */
export function createMemoryPresenceStore(clock: Clock, guard: () => void): PresenceStore {
  const leases = createLeases(clock);
  const channels = createPresentChannels();
  const spokenFor = createSpokenFor();
  let writes = 0;

  function writeUser(at: PresentChannel, incarnation: string, write: PresenceWrite): Step | undefined {
    const { userId, state, meta } = write;
    const record = at.users.get(userId) ?? new Map<string, Said>();
    const said = record.get(incarnation);
    spokenFor.note(incarnation, at.name, write);
    if (said ? said.state === state && said.meta === meta : !state) return undefined;
    const before = wholeUser(userId, record);
    if (state) record.set(incarnation, { state, meta, order: ++writes });
    else record.delete(incarnation);
    const after = wholeUser(userId, record);
    if (!after) {
      at.users.delete(userId);
      return { kind: "left", user: before! };
    }
    at.users.set(userId, record);
    if (!before) return { kind: "joined", user: after };
    const isSame = before.state === after.state && before.meta === after.meta;
    return isSame ? undefined : { kind: "changed", user: after };
  }

  function write(incarnation: string, channel: string, users: readonly PresenceWrite[]): void {
    const at = channels.open(channel);
    const before = at.users.size;
    const last = new Map(users.map((user) => [user.userId, user]));
    const steps = [...last.values()].flatMap((user) => writeUser(at, incarnation, user) ?? []);
    if (steps.length > 0) channels.tell(at, toDiff(steps, Math.max(before, at.users.size)));
    channels.settle(at);
  }

  return {
    async renew(input) {
      guard();
      return leases.renew(input);
    },
    async write({ incarnation, channel, users }) {
      guard();
      if (!leases.isAlive(incarnation)) return false;
      write(incarnation, channel, users);
      return true;
    },
    async keep() {
      guard();
    },
    async reap(incarnation) {
      guard();
      if (leases.isAlive(incarnation)) return true;
      for (const [channel, userIds] of spokenFor.some(incarnation, REAPED_AT_ONCE)) {
        const users = userIds.map((userId) => ({ userId }));
        write(incarnation, channel, users);
      }
      if (spokenFor.has(incarnation)) return false;
      leases.forget(incarnation);
      return true;
    },
    async page(channel, query) {
      guard();
      const at = channels.open(channel);
      const page = toPage(at, query, leases.isAlive);
      channels.settle(at);
      return page;
    },
    async count(channel) {
      guard();
      return channels.find(channel)?.users.size ?? 0;
    },
    async isPresent(channel, userId) {
      guard();
      const record = channels.find(channel)?.users.get(userId);
      return record !== undefined && [...record.keys()].some(leases.isAlive);
    },
    async follow(channel, onDiff): Promise<Listening> {
      guard();
      return channels.follow(channel, onDiff);
    },
  };
}

interface Step {
  readonly kind: "joined" | "left" | "changed";
  readonly user: KeptUser;
}

function toDiff(steps: readonly Step[], most: number): KeptDiff["moves"] {
  if (most > MAX_LISTED) return undefined;
  const usersOf = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).map(({ user }) => user);
  return {
    joined: usersOf("joined"),
    left: usersOf("left").map(({ userId }) => userId),
    changed: usersOf("changed"),
  };
}

/** A user as a whole, by the incarnations that count; nobody when none does. */
function wholeUser(
  userId: string,
  record: ReadonlyMap<string, Said>,
  counts: (incarnation: string) => boolean = () => true,
): KeptUser | undefined {
  const said = [...record].filter(([incarnation]) => counts(incarnation)).map(([, words]) => words);
  if (said.length === 0) return undefined;
  const isOnline = said.some(({ state }) => state === "online");
  const newest = said.filter(({ meta }) => meta !== undefined).sort((a, b) => b.order - a.order)[0];
  return { userId, state: isOnline ? "online" : "away", meta: newest?.meta };
}

function toPage(
  at: PresentChannel,
  { after, limit, asTold = false }: PageQuery,
  isAlive: (incarnation: string) => boolean,
): KeptPage {
  const { version, users: all } = at;
  const ids = at.ids();
  const from = after === undefined ? 0 : ids.findIndex((id) => byBytes(id, after) > 0);
  const shown = from < 0 ? [] : ids.slice(from, from + limit);
  const users = shown.flatMap((id) => wholeUser(id, all.get(id)!, asTold ? undefined : isAlive) ?? []);
  const next = from + limit < ids.length ? shown.at(-1) : undefined;
  const isWhole = after === undefined && next === undefined;
  return { version: { ...version }, count: isWhole ? users.length : all.size, users, next };
}
