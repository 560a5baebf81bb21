import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import { hashPassword } from "example-kit/passwords";
import { cellOf } from "../city/cells.ts";
import type { City } from "../city/city.ts";
import { alongLine, toPlace } from "../city/geometry.ts";
import { DEMO_HAZARDS } from "../demo-hazards.ts";
import { DEMO_PEOPLE, FLEET } from "../demo-people.ts";
import { conditionOf } from "../drive/condition.ts";
import { aggregate, qualityOf, vibrationFor } from "../quality.ts";
import type { Database } from "./database.ts";
import { hazards, history, observations, people, segments } from "./schema.ts";

const HOUR_MS = 3_600_000;
const HALF_DAY_MS = 12 * HOUR_MS;
const DAYS = 7;
const RECENT = 8;
const CHUNK = 1_000;

/** Fills an empty database with people and a week of traffic. A filled one is left alone. */
export async function seed(db: Database, city: City): Promise<void> {
  const [known] = await db.select().from(people).limit(1);
  if (known) return;
  await db.insert(people).values(
    await Promise.all(
      [...DEMO_PEOPLE, ...FLEET].map(async ({ password, ...person }) => ({
        ...person,
        passwordHash: await hashPassword(password),
      })),
    ),
  );
  await seedTraffic(db, city);
  await db.insert(hazards).values(seedHazards(city));
}

async function seedTraffic(db: Database, city: City): Promise<void> {
  const chance = createChance(23);
  const now = Date.now();
  const rows = city.segments.map((segment) => {
    const drift = (chance.next() - 0.42) * 3;
    const isKnown = segment.kind !== "street" || chance.next() < 0.93;
    const past = isKnown ? pastOf(conditionOf(segment, now), { chance, drift, now }) : [];
    const recent = isKnown ? recentOf(conditionOf(segment, now), { chance, now }) : [];
    return { segment, past, recent };
  });
  await db.insert(segments).values(
    rows.map(({ segment, past, recent }) => {
      const weighed = recent.map(({ quality, at }) => ({ quality, ageMs: now - at.getTime() }));
      const { quality, confidence } = aggregate(weighed);
      return {
        id: segment.id,
        quality: recent.length > 0 ? quality : null,
        confidence,
        observations: past.reduce((sum, { count }) => sum + count, 0),
        updatedAt: recent.at(-1)?.at ?? null,
      };
    }),
  );
  const withId = <Row>(list: readonly Row[], segmentId: string) => list.map((row) => ({ ...row, segmentId }));
  const allRecent = rows.flatMap(({ segment, recent }) => withId(recent, segment.id));
  const allPast = rows.flatMap(({ segment, past }) => withId(past, segment.id));
  for (let at = 0; at < allRecent.length; at += CHUNK)
    await db.insert(observations).values(allRecent.slice(at, at + CHUNK));
  for (let at = 0; at < allPast.length; at += CHUNK)
    await db.insert(history).values(allPast.slice(at, at + CHUNK));
}

interface PastParts {
  readonly chance: Chance;
  /** How much better the road was a day earlier. */
  readonly drift: number;
  readonly now: number;
}

/** The means of a week, twelve hours each. */
function pastOf(quality: number, { chance, drift, now }: PastParts) {
  const last = Math.floor(now / HALF_DAY_MS) * HALF_DAY_MS;
  return Array.from({ length: DAYS * 2 }, (_, index) => {
    const daysAgo = (DAYS * 2 - 1 - index) / 2;
    const count = 3 + Math.floor(chance.next() * 12);
    const mean = Math.min(99, Math.max(2, quality + drift * daysAgo + (chance.next() - 0.5) * 7));
    return { since: new Date(last - daysAgo * 2 * HALF_DAY_MS), sum: mean * count, count };
  });
}

/** The newest observations, the oldest of them first. */
function recentOf(condition: number, { chance, now }: Omit<PastParts, "drift">) {
  return Array.from({ length: RECENT }, (_, index) => {
    const speedKmh = Math.round(22 + chance.next() * 34);
    const vibration = vibrationFor(condition + (chance.next() - 0.5) * 16, speedKmh);
    const hoursAgo = (RECENT - index - chance.next() * 0.9) * 2.4;
    return {
      driverId: chance.pick(FLEET).id,
      quality: qualityOf({ vibration, speedKmh }),
      vibration,
      speedKmh,
      at: new Date(now - hoursAgo * HOUR_MS),
    };
  });
}

function seedHazards(city: City) {
  const chance = createChance(5);
  return DEMO_HAZARDS.slice(0, 7).map((hazard, index) => {
    const segment = chance.pick(city.segments.filter(({ km }) => km > 0.3));
    const place = toPlace(alongLine(segment.line, segment.km * (0.3 + chance.next() * 0.4)).spot);
    return {
      ...hazard,
      ...place,
      cell: cellOf(place),
      segmentId: segment.id,
      reporterId: chance.pick(FLEET).id,
      createdAt: new Date(Date.now() - (7 - index - chance.next() * 0.8) * 3.1 * HOUR_MS),
    };
  });
}
