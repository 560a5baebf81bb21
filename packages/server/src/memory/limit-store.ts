import type { Clock } from "../base/clock.ts";
import { LimitState } from "../base/limit-state.ts";
import type { LimitAct, LimitVerdict } from "../base/limit-state.ts";
import type { LimitInput, LimitPlace, LimitStore } from "../ports/limit-store.ts";

interface Kept {
  readonly state: LimitState;
  /** When it does not count any more. */
  untilMs: number;
}

/** How many are looked at with each taking, to remove those that do not count any more. */
const SWEPT = 4;

/** How many subjects of all limits are known; the least recently used are forgotten first. */
const MAX_SUBJECTS = 200_000;

/** The limits of one realm, in this process. */
export function createMemoryLimitStore(
  clock: Pick<Clock, "now">,
  guard: () => void,
  maxSubjects = MAX_SUBJECTS,
): LimitStore {
  const states = new Map<string, Kept>();
  let sweep = states.entries();

  /** Walks all of them, a few at a time: what was used is forgotten soon after it has ceased to count. */
  function removeOld(nowMs: number): void {
    for (let looked = 0; looked < SWEPT; looked++) {
      const { value, done } = sweep.next();
      if (done) {
        sweep = states.entries();
        return;
      }
      if (value[1].untilMs <= nowMs) states.delete(value[0]);
    }
  }

  function decide(input: LimitInput, act: Pick<LimitAct, "kind" | "points">): LimitVerdict {
    guard();
    const nowMs = Math.floor(clock.now());
    removeOld(nowMs);
    const key = keyOf(input);
    const kept = states.get(key) ?? { state: new LimitState(), untilMs: 0 };
    const { kind, points } = act;
    const verdict = kept.state.decide(input.rule, { kind, points, carried: input.carried ?? 0, nowMs });
    kept.untilMs = nowMs + verdict.resetMs;
    states.delete(key);
    if (verdict.resetMs > 0) states.set(key, kept);
    if (states.size > maxSubjects) states.delete(states.keys().next().value!);
    return verdict;
  }

  return {
    take: async (input) => decide(input, { kind: "take", points: input.cost }),
    peek: async (input) => decide(input, { kind: "peek", points: input.cost }),
    charge: async (input) => decide(input, { kind: "charge", points: input.points }),
    block: async (input) => decide(input, { kind: "block", points: input.blockMs }),
    async forget(place) {
      guard();
      states.delete(keyOf(place));
    },
  };
}

/** No name has a colon in it. */
function keyOf({ name, subject }: LimitPlace): string {
  return `${name}:${subject}`;
}
