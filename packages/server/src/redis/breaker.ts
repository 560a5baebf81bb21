/** Why a breaker opened. */
export type BreakerReason =
  | { readonly type: "timeouts"; readonly calls: number; readonly overMs: number }
  | { readonly type: "slow"; readonly calls: number; readonly slow: number }
  | { readonly type: "beginning"; readonly tookMs: number };

/**
 * Whether commands are sent. `closed`: they are. `open`: none is, each fails at once. `half-open`: a probe is on its way, and its
 * answer decides; everybody else still fails at once.
 */
export type BreakerState =
  | { readonly state: "closed" }
  | {
      readonly state: "open";
      readonly sinceMs: number;
      readonly reason: BreakerReason;
      /** How many probes in a row came to nothing. */
      readonly failed: number;
      /** How many probes in a row were answered in time. */
      readonly passed: number;
    }
  | {
      readonly state: "half-open";
      readonly sinceMs: number;
      readonly reason: BreakerReason;
      readonly failed: number;
      readonly passed: number;
    };

/** How one command ended. */
export interface CallOutcome {
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  /** How long it might take. */
  readonly limitMs: number;
  /** Whether Redis answered, with whatever. */
  readonly isAnswered: boolean;
}

/**
 * Finds out that a server answers too slowly to be asked, and that it has come to itself. A connection may be alive, heartbeats
 * included, while each command takes longer than anybody waits: then everybody would pay the whole deadline for nothing, for ever.
 *
 * It opens on commands in a row that were not answered in time, and on a share of such among others. An answer in time is never held
 * against the server, however long it took: who is refused has nothing. Pure: the caller brings the time.
 */
export interface Breaker {
  state(): BreakerState;
  /** Takes how a command ended; does nothing unless closed. */
  note(outcome: CallOutcome): void;
  /** A new connection took so long for what it was tried with, that nobody would wait for commands. Opens it at once. */
  begin(outcome: CallOutcome): void;
  /** How long to wait before the next probe; `chance` is between 0 and 1. */
  pauseMs(chance: number): number;
  /** A probe is sent. */
  probe(): void;
  /** How the probe ended. Enough good ones in a row close the breaker. */
  probed(isGood: boolean): void;
  /** Forgets everything: the connection has ended, and the next is tried before it is used. */
  reset(): void;
}

/**
 * Nothing opens a breaker in a shorter time: one lost packet, or a moment in which the server forks or frees much memory, delays as many
 * commands at once as were on their way.
 */
const HICCUP_MS = 1_000;

/** So many commands in a row without an answer open it. */
const MOST_TIMEOUTS = 5;

/** At least half of at least so many without an answer in time open it too. */
const LEAST_CALLS = 20;
const MOST_SLOW_SHARE = 0.5;
/** They are counted in two spans of this length, the present one and the one before. */
const SPAN_MS = 2_000;

/** What ended so long after its limit says nothing of Redis: this process did not get to read the answer. */
const LATE_MS = 100;

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_000;
const PROBES_TO_CLOSE = 2;

/** Whether there was no answer while anybody waited. */
function isSlow({ sentAtMs, endedAtMs, limitMs, isAnswered }: CallOutcome): boolean {
  return !isAnswered || endedAtMs - sentAtMs >= limitMs;
}

/** Makes a closed breaker. */
export function createBreaker(): Breaker {
  let state: BreakerState = { state: "closed" };
  const timeouts = countTimeouts();
  const answers = countAnswers();

  function close(): void {
    timeouts.reset();
    answers.reset();
    state = { state: "closed" };
  }

  function open(reason: BreakerReason, sinceMs: number): void {
    state = { state: "open", sinceMs, reason, failed: 0, passed: 0 };
  }

  return {
    state: () => state,
    note(outcome) {
      if (state.state !== "closed" || isLate(outcome)) return;
      const reason = timeouts.note(outcome) ?? answers.note(outcome);
      if (reason) open(reason, outcome.endedAtMs);
    },
    begin({ sentAtMs, endedAtMs, limitMs }) {
      close();
      const tookMs = endedAtMs - sentAtMs;
      if (tookMs >= limitMs) open({ type: "beginning", tookMs }, endedAtMs);
    },
    pauseMs(chance) {
      const { failed, passed } = state.state === "closed" ? { failed: 0, passed: 0 } : state;
      // Who was answered asks again soon; who was not, later and later. Half of it by chance: a fleet must not ask as one.
      const whole =
        passed > 0 ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** failed);
      return whole * (0.5 + chance / 2);
    },
    probe() {
      if (state.state === "open") state = { ...state, state: "half-open" };
    },
    probed(isGood) {
      if (state.state !== "half-open") return;
      const passed = isGood ? state.passed + 1 : 0;
      if (passed >= PROBES_TO_CLOSE) close();
      else state = { ...state, state: "open", passed, failed: isGood ? 0 : state.failed + 1 };
    },
    reset: close,
  };
}

/** Says in words why a breaker is open. */
export function describeReason(reason: BreakerReason): string {
  if (reason.type === "beginning") return `its first answer took ${Math.round(reason.tookMs)} ms`;
  return reason.type === "timeouts"
    ? `${reason.calls} commands in a row were not answered in time, over ${Math.round(reason.overMs)} ms`
    : `${reason.slow} of the last ${reason.calls} commands were not answered in time`;
}

function isLate({ sentAtMs, endedAtMs, limitMs, isAnswered }: CallOutcome): boolean {
  return !isAnswered && endedAtMs - sentAtMs > limitMs + LATE_MS;
}

/** Counts commands without an answer, until there is one. */
function countTimeouts() {
  let calls = 0;
  let sinceMs = 0;
  return {
    reset: () => void (calls = 0),
    note(outcome: CallOutcome): BreakerReason | undefined {
      if (!isSlow(outcome)) {
        calls = 0;
        return undefined;
      }
      if (calls === 0) sinceMs = outcome.sentAtMs;
      calls++;
      const overMs = outcome.endedAtMs - sinceMs;
      return calls >= MOST_TIMEOUTS && overMs >= HICCUP_MS ? { type: "timeouts", calls, overMs } : undefined;
    },
  };
}

/** Counts commands, and how many of them had no answer in time, over the last two to four seconds. */
function countAnswers() {
  let spanAtMs = Number.NEGATIVE_INFINITY;
  let now = { calls: 0, slow: 0 };
  let before = { calls: 0, slow: 0 };

  function turn(atMs: number): void {
    const spans = (atMs - spanAtMs) / SPAN_MS;
    if (spans < 1) return;
    before = spans < 2 ? now : { calls: 0, slow: 0 };
    now = { calls: 0, slow: 0 };
    spanAtMs = atMs;
  }

  return {
    reset() {
      spanAtMs = Number.NEGATIVE_INFINITY;
      now = { calls: 0, slow: 0 };
      before = { calls: 0, slow: 0 };
    },
    note(outcome: CallOutcome): BreakerReason | undefined {
      turn(outcome.endedAtMs);
      now.calls++;
      if (isSlow(outcome)) now.slow++;
      const calls = now.calls + before.calls;
      const slow = now.slow + before.slow;
      const isHiccup = before.calls === 0 && outcome.endedAtMs - spanAtMs < HICCUP_MS;
      if (isHiccup || calls < LEAST_CALLS || slow < calls * MOST_SLOW_SHARE) return undefined;
      return { type: "slow", calls, slow };
    },
  };
}
