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
import { createPresentChannels } from "./present-channels.ts";
import type { PresentChannel, Said } from "./present-channels.ts";

/** How many users of an ended incarnation are removed by one call. */
const REAPED_AT_ONCE = 500;

/** The presence store of one realm, in this process. */
export function createMemoryPresenceStore(clock: Clock, guard: () => void): PresenceStore {
  const leases = createLeases(clock);
  const channels = createPresentChannels();
  /** Incarnation to the users that it speaks for, by channel. */
  const spokenFor = new Map<string, Map<string, Set<string>>>();
  let writes = 0;

  function note(incarnation: string, channel: string, { userId, state }: PresenceWrite): void {
    const said = spokenFor.get(incarnation) ?? new Map<string, Set<string>>();
    spokenFor.set(incarnation, said);
    const users = said.get(channel) ?? new Set();
    said.set(channel, users);
    if (state) users.add(userId);
    else users.delete(userId);
    if (users.size === 0) said.delete(channel);
    if (said.size === 0) spokenFor.delete(incarnation);
  }

  function writeUser(at: PresentChannel, incarnation: string, write: PresenceWrite): Step | undefined {
    const { userId, state, meta } = write;
    const record = at.users.get(userId) ?? new Map<string, Said>();
    const said = record.get(incarnation);
    note(incarnation, at.name, write);
    if (said ? said.state === state && said.meta === meta : !state) return undefined;
    const before = viewsOf(userId, record);
    if (state) record.set(incarnation, { state, meta, order: ++writes });
    else record.delete(incarnation);
    const after = viewsOf(userId, record);
    if (!after.whole) {
      at.users.delete(userId);
      return { kind: "left", user: before.whole! };
    }
    at.users.set(userId, record);
    const user = after.shown ?? after.whole;
    if (!before.whole) return { kind: "joined", user };
    const isSame = isSameUser(before.whole, after.whole) && isSameUser(before.shown, after.shown);
    return isSame ? undefined : { kind: "changed", user };
  }

  /** A user as it was told, and as pages show it: without incarnations that have ended. */
  function viewsOf(userId: string, record: ReadonlyMap<string, Said>) {
    return { whole: wholeUser(userId, record), shown: wholeUser(userId, record, leases.isAlive) };
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
      for (const [channel, users] of firstOf(spokenFor.get(incarnation), REAPED_AT_ONCE)) {
        write(
          incarnation,
          channel,
          users.map((userId) => ({ userId })),
        );
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

function isSameUser(a: KeptUser | undefined, b: KeptUser | undefined): boolean {
  return a?.state === b?.state && a?.meta === b?.meta;
}

function toPage(
  { version, users: all }: PresentChannel,
  { after, limit }: PageQuery,
  isAlive: (incarnation: string) => boolean,
): KeptPage {
  const ids = [...all.keys()].sort(byBytes).filter((id) => after === undefined || byBytes(id, after) > 0);
  const shown = ids.slice(0, limit);
  const users = shown.flatMap((id) => wholeUser(id, all.get(id)!, isAlive) ?? []);
  const next = ids.length > limit ? shown.at(-1) : undefined;
  const isWhole = after === undefined && next === undefined;
  return { version: { ...version }, count: isWhole ? users.length : all.size, users, next };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function firstOf(
  said: ReadonlyMap<string, ReadonlySet<string>> | undefined,
  most: number,
): [string, string[]][] {
  const first: [string, string[]][] = [];
  let left = most;
  for (const [channel, users] of said ?? []) {
    if (left <= 0) break;
    const some = [...users].slice(0, left);
    left -= some.length;
    first.push([channel, some]);
  }
  return first;
}
