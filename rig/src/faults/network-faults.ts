import { kinds, pause } from "./fault-kind.ts";
import type { FaultKind, Strike } from "./fault-kind.ts";
import type { SeveralGates } from "./several-gates.ts";

type Damage = (gate: SeveralGates) => void;

function onAll(damage: Damage): FaultKind["strike"] {
  return async ({ site }) => {
    for (const { gate } of site.places) damage(gate);
    return () => site.places.forEach(({ gate }) => gate.pass());
  };
}

function onOne(damage: Damage): FaultKind["strike"] {
  return async ({ place }) => {
    damage(place.gate);
    return () => place.gate.pass();
  };
}

/** Cut and back, again and again. */
async function flap({ place, forMs }: Strike): Promise<() => void> {
  const endsAtMs = performance.now() + forMs;
  while (performance.now() < endsAtMs) {
    place.gate.cut();
    await pause(150);
    place.gate.pass();
    await pause(250);
  }
  return () => place.gate.pass();
}

/** Who is cut off comes back while the next one is. */
async function roll({ site, forMs }: Strike): Promise<() => void> {
  for (const { gate } of site.places) {
    gate.cut();
    await pause(forMs / site.places.length);
    gate.pass();
  }
  return () => undefined;
}

/** What befalls the way between nodes and Redis. */
export const NETWORK_FAULTS = kinds({
  slow: { forMs: [1_000, 3_000], reach: "all", strike: onAll((gate) => gate.delay(500)) },
  // A read that loads asks Redis three times, one after the other.
  lag: { forMs: [1_000, 3_000], reach: "all", strike: onAll((gate) => gate.delay(30)) },
  "slow-one": { forMs: [1_000, 3_000], reach: "one", strike: onOne((gate) => gate.delay(180)) },
  "cut-all": { forMs: [500, 3_000], reach: "all", outage: "told", strike: onAll((gate) => gate.cut()) },
  "cut-one": { forMs: [500, 3_000], reach: "one", outage: "told", strike: onOne((gate) => gate.cut()) },
  "black-hole": {
    forMs: [2_000, 3_500],
    reach: "one",
    outage: "silent",
    strike: onOne((gate) => gate.hang()),
  },
  "black-hole-all": {
    ...{ forMs: [2_000, 3_500], reach: "all", outage: "silent" },
    strike: onAll((gate) => gate.hang()),
  },
  throttle: { forMs: [1_000, 3_000], reach: "all", strike: onAll((gate) => gate.throttle(20_000)) },
  "throttle-one": { forMs: [1_000, 3_000], reach: "one", strike: onOne((gate) => gate.throttle(4_000)) },
  "one-reply": {
    ...{ forMs: [300, 1_000], reach: "one" },
    strike: onOne((gate) => gate.dropReplies(3)),
  },
  "lost-replies": {
    ...{ forMs: [300, 3_000], reach: "one", outage: "silent" },
    strike: onOne((gate) => gate.hangReplies()),
  },
  flap: { forMs: [1_500, 3_000], reach: "one", strike: flap },
  roll: { forMs: [2_000, 3_500], reach: "all", strike: roll },
});
