import type { Member } from "./member.ts";

/** How members move over the map. */
export interface LocatePlan {
  readonly updates: number;
  readonly perSecond: number;
  readonly answerWithinMs: number;
}

/** What came of it. */
export interface Travelled {
  readonly answered: number;
  readonly refused: number;
  readonly tookMs: number;
  /** From sending to the answer. */
  readonly p99Ms: number;
}

/** A city of about 20 by 20 km. */
const CITY = { lat: 52.4, lon: 13.2, sizeDegrees: 0.2 } as const;
/** About 70 m: a car's way in a few seconds, so that some updates cross a border and most do not. */
const STEP_DEGREES = 0.0006;

/** Every member walks through a city, and tells the server where it is; updates are sent in time, whether or not earlier ones are answered. */
export async function locateAll(
  members: readonly Member[],
  { updates, perSecond, answerWithinMs }: LocatePlan,
): Promise<Travelled> {
  const places = members.map((_, index) => ({
    lat: CITY.lat + (CITY.sizeDegrees * (index % 97)) / 97,
    lon: CITY.lon + (CITY.sizeDegrees * (index % 89)) / 89,
  }));
  const times: number[] = [];
  let refused = 0;
  const startedAt = performance.now();
  const answers: Promise<void>[] = [];

  async function locate(index: number): Promise<void> {
    const place = places[index]!;
    place.lat += (Math.random() - 0.5) * STEP_DEGREES;
    place.lon += (Math.random() - 0.5) * STEP_DEGREES;
    const sentAt = performance.now();
    const reply = await members[index]!.ask("locate", { latitude: place.lat, longitude: place.lon });
    if (reply["ok"] !== true) refused++;
    times.push(performance.now() - sentAt);
  }

  for (let sent = 0; sent < updates;) {
    const due = Math.min(updates, Math.ceil(((performance.now() - startedAt) * perSecond) / 1_000));
    for (; sent < due; sent++) answers.push(locate(sent % members.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, answerWithinMs)));
  await Promise.race([Promise.all(answers), late]);
  clearTimeout(timer);
  const sorted = Float64Array.from(times).sort();
  return {
    answered: times.length,
    refused,
    tookMs: performance.now() - startedAt,
    p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
  };
}
