import { LiveError, isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { refuseUnknown } from "../base/check.ts";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { randomWord } from "../base/ids.ts";
import { identityTag } from "../base/identity-tag.ts";
import { MAX_CHANGE_TAGS, checkTags, movedBy } from "../base/names.ts";
import type { Signals } from "../base/signals.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Tracing } from "../base/tracing.ts";
import type { ChangeInput, ChangeLog, ChangeMode, OutgoingEvent } from "../ports/change-log.ts";
import type { Journal } from "./journal.ts";
import type { Steadiness } from "./steadiness.ts";

/** Most events that one change may publish. */
export const MAX_CHANGE_EVENTS = 100;

/** What an application says after a write has been committed to its database. */
export interface ChangeRequest<Event> {
  /** What is no longer true: at most 1,000 names. Each also voids every key below it (`user:42` voids `user:42:orders`). */
  readonly tags?: readonly string[];
  /**
   * The user, or users, whose roles or rights have changed, or who were signed out: on every node their sockets are identified and
   * authorized again at once, and end where they may not go on. At most 100.
   */
  readonly identity?: string | readonly string[];
  /** Events to publish, made by `live.event`: at most 100. */
  readonly emit?: readonly Event[];
  /**
   * `"purge"`, the default: nothing loaded before is ever answered again. `"stale"`: it is no longer current, but readers who
   * accept that (`stale` in their options) may be answered with it while it is loaded anew; everybody else waits for that.
   */
  readonly mode?: ChangeMode;
  /**
   * Says the same once more after this time, for loaders that read from a database replica which lags behind: what they load
   * before it has caught up is forgotten again. Without events. At most a minute; closing the instance says it at once.
   */
  readonly delayedAgain?: Duration;
  /**
   * `"applied"`: resolve only when no node that reaches the ground can answer from memory of before the change. Costs up to a lease
   * (1 s), which is what it costs for 5 s after the ground came back. A node that is cut off from the ground, and for its readers goes on without, may
   * answer from what it loaded within the last second.
   */
  readonly wait?: "applied";
}

/**
 * How a change ended. `"cluster"`: it stands in the log at `position`, and every read of the ground obeys it. `"local"`: the
 * ground is away or did not answer; this node obeys it, and it will be told to the others as soon as the ground is back.
 */
export type ChangeResult =
  | {
      readonly scope: "cluster";
      readonly pending: false;
      readonly changeId: string;
      readonly position: Position;
    }
  | {
      readonly scope: "local";
      readonly pending: true;
      readonly changeId: string;
      readonly position?: undefined;
    };

/** A change that has been checked: every tag that moves, and events as they are published. */
export type PreparedChange = Pick<ChangeInput, "tags" | "mode" | "events">;

/** What changing needs from its surroundings. */
export interface ChangeParts<Event> {
  readonly node: string;
  readonly changeLog: ChangeLog;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Checks an event against the contract and serialises it. */
  readonly prepare: (event: Event) => Promise<OutgoingEvent>;
  /** Where this node has applied the log to. */
  readonly applied: () => Position | undefined;
  /** Whether the ground can be asked, and nothing waits to be told to it. */
  readonly usable: () => boolean;
  readonly steadiness: Steadiness;
  readonly tasks: Tasks;
  readonly signals: Pick<Signals, "tell">;
  readonly tracing: Pick<Tracing, "tracer">;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  /** Told before `change` resolves: the change stands at `position`. */
  readonly onAppended: (position: Position) => void;
  /** Told before `change` resolves: the change waits in the journal. */
  readonly onPending: (change: ChangeInput) => void;
}

/** Makes changes on behalf of one node. */
export interface Changes<Event> {
  /**
   * Tells every node, and every screen, that something is no longer true. Call it after the database has committed.
   *
   * Rejects with `LIVE_INPUT_INVALID`, `LIVE_EVENT_INVALID` or `LIVE_CLOSED`, or with `LIVE_GROUND_REFUSED` when Redis answers that it will not do this
   * (a user without the rights, say), and then nothing has happened. It never rejects because the ground is away: see {@link ChangeResult}. Tags and events take effect together, and no event is ever
   * delivered before its change has been applied.
   */
  change(request: ChangeRequest<Event>): Promise<ChangeResult>;
  /** Checks a request as `change` does and answers what stands in the log when it is made. Rejects as `change` does. */
  prepare(request: ChangeRequest<Event>): Promise<PreparedChange>;
  /** Makes a change that has been checked. */
  append(change: PreparedChange): Promise<ChangeResult>;
  /** Moves exactly these tags, without the keys below them. */
  move(tags: readonly string[]): Promise<ChangeResult>;
  /** Resolves when nothing is left to be said once more. When the node closes, all of it is said at once. */
  settled(): Promise<void>;
}

/** What is said of a change to the log. */
type Said = Pick<ChangeInput, "tags" | "mode" | "events" | "awaited">;

/** Most users whose identity one change may concern. */
const MAX_CHANGE_IDENTITIES = 100;

/** Longest time after which a change may be said again. */
const MAX_AGAIN_MS = 60_000;

/** Longest pause between two looks at who has applied a change. */
const LONGEST_LOOK_MS = 20;

/** Makes the changes of one node. */
export function createChanges<Event>(parts: ChangeParts<Event>): Changes<Event> {
  const { node, changeLog, journal, clock, signals } = parts;

  async function append(what: Said): Promise<ChangeResult> {
    const startedAtMs = clock.now();
    const changeId = randomWord(16);
    const { tags, events } = what;
    const result = await traced(parts.tracing, { changeId, origin: node, ...what }, appendOrKeep);
    const { scope, position } = result;
    signals.tell("change", {
      changeId,
      scope,
      position,
      tags,
      events,
      startedAtMs,
      ms: clock.now() - startedAtMs,
    });
    return result;
  }

  /** In the log, or else in the journal. */
  async function appendOrKeep(change: ChangeInput): Promise<ChangeResult> {
    const { changeId } = change;
    let retryAfter: Position | undefined;
    if (parts.usable()) {
      const before = parts.applied();
      try {
        const position = await changeLog.append(change);
        parts.steadiness.appended(position);
        parts.onAppended(position);
        return { scope: "cluster", pending: false, changeId, position };
      } catch (error) {
        if (!isLiveError(error) || !error.retryable) throw error;
        // The attempt may have got there: the next one looks for it, which costs as much as was appended meanwhile.
        if (error.code === "LIVE_GROUND_TIMEOUT") retryAfter = before;
      }
    }
    const waiting: ChangeInput = { ...change, retryAfter };
    journal.add(waiting);
    parts.onPending(waiting);
    return { scope: "local", pending: true, changeId };
  }

  /**
   * Waits until every live node has applied `position`, or has had no lease since: then no memory is older. Where the register of nodes may
   * lack some, because the ground has just come back or lost it, everybody's lease is waited for.
   */
  async function waitUntilApplied(position: Position): Promise<void> {
    if (!parts.steadiness.isSteady()) return sleep(clock, parts.leaseMs);
    const endsAtMs = clock.now() + parts.leaseMs;
    for (let pauseMs = 1; clock.now() < endsAtMs; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
      const lagging = await changeLog.lagging(position).catch(() => 1);
      if (lagging === 0) return;
      await sleep(clock, Math.min(pauseMs, Math.max(1, endsAtMs - clock.now())));
    }
  }

  /** Changes that are to be said once more. */
  const later = new Set<Promise<unknown>>();

  async function appendLater(what: Pick<ChangeInput, "tags" | "mode">, delayMs: number): Promise<void> {
    await sleep(clock, delayMs, parts.signal);
    await append({ ...what, events: [] });
  }

  function sayAgain(what: Pick<ChangeInput, "tags" | "mode">, delayMs: number): void {
    const said = appendLater(what, delayMs).finally(() => later.delete(said));
    later.add(said);
    parts.tasks.track(said);
  }

  async function prepare({ tags, mode, emit }: ReadRequest<Event>): Promise<PreparedChange> {
    const events = await Promise.all(emit.map(parts.prepare));
    return { tags: [...new Set(tags.flatMap(movedBy))], mode, events };
  }

  return {
    prepare: async (request) => prepare(readRequest(request)),
    async change(request) {
      const asked = readRequest(request);
      const { wait, againMs } = asked;
      const { events, ...moved } = await prepare(asked);
      const result = await append({ ...moved, events, awaited: wait === "applied" });
      if (againMs !== undefined) sayAgain(moved, againMs);
      if (wait && result.position) await waitUntilApplied(result.position);
      return result;
    },
    append: ({ tags, mode, events }) => append({ tags, mode, events }),
    move: (tags) => append({ tags, mode: "purge", events: [] }),
    async settled() {
      await Promise.allSettled(later);
    },
  };
}

/** Makes a change, with the trace context of whatever follows the work of this node. */
function traced(
  { tracer }: ChangeParts<never>["tracing"],
  change: ChangeInput,
  make: (change: ChangeInput) => Promise<ChangeResult>,
): Promise<ChangeResult> {
  if (!tracer) return make(change);
  const { changeId, tags, events } = change;
  return tracer.change({ changeId, tags: tags.length, events: events.length }, (trace) =>
    make({ ...change, trace }),
  );
}

type ReadRequest<Event> = ReturnType<typeof readRequest<Event>>;

function readRequest<Event>(request: ChangeRequest<Event>) {
  refuseUnknown("change", request, ["tags", "identity", "emit", "mode", "delayedAgain", "wait"]);
  const { tags: named = [], emit = [], mode = "purge", delayedAgain, wait } = request;
  checkTags(named, MAX_CHANGE_TAGS);
  const tags = [...named, ...readIdentities(request.identity).map(identityTag)];
  checkTags(tags, MAX_CHANGE_TAGS);
  checkEvents(emit);
  checkOneOf("wait", wait, [undefined, "applied"]);
  checkOneOf("mode", mode, ["purge", "stale"]);
  const againMs = delayedAgain === undefined ? undefined : durationMs("change: delayedAgain", delayedAgain);
  if (againMs !== undefined && againMs > MAX_AGAIN_MS) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `change: delayedAgain is ${againMs} ms, at most ${MAX_AGAIN_MS} are allowed. A replica that lags longer is no source for a cache.`,
    );
  }
  return { tags, emit, mode, wait, againMs };
}

function readIdentities(given: unknown = []): readonly string[] {
  const users: readonly unknown[] = Array.isArray(given) ? given : [given];
  const wrong = users.find((user) => typeof user !== "string" || user === "");
  const isFine =
    users.length <= MAX_CHANGE_IDENTITIES && users.every((user) => typeof user === "string" && user !== "");
  if (isFine) return users as string[];
  const received = users.length > MAX_CHANGE_IDENTITIES ? `${users.length} of them` : JSON.stringify(wrong);
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `change: identity must be a userId, or a list of at most ${MAX_CHANGE_IDENTITIES}, received ${received ?? typeof wrong}.`,
  );
}

function checkOneOf(field: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  const words = allowed.map((one) => (one === undefined ? "absent" : JSON.stringify(one)));
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `change: ${field} must be ${words.reverse().join(" or ")}, received ${JSON.stringify(value)}.`,
  );
}

function checkEvents(emit: unknown): void {
  if (!Array.isArray(emit)) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `change: emit must be a list of live.event(...), received ${typeof emit}.`,
    );
  }
  if (emit.length > MAX_CHANGE_EVENTS) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `change: ${emit.length} events, at most ${MAX_CHANGE_EVENTS} are allowed; split the change.`,
    );
  }
}
