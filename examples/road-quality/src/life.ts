import { setTimeout } from "node:timers/promises";
import { createLiveClient } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import type { LifeParts } from "example-kit/application";
import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import type { HazardsAnswer, TokenAnswer } from "./answers.ts";
import { createCity } from "./city/city.ts";
import type { City } from "./city/city.ts";
import type { RoadContract } from "./contract.ts";
import { DEMO_HAZARDS } from "./demo-hazards.ts";
import { FLEET } from "./demo-people.ts";
import type { RoadPerson } from "./demo-people.ts";
import { createRide } from "./drive/ride.ts";
import type { RideMoment } from "./drive/ride.ts";
import { gradeOf, qualityOf } from "./quality.ts";

/** The fleet drives faster than it says, so that there is something to see on a map of a whole city. */
const HASTE = 4;
const REPORT_MS = 1_000;
/** So many reports lie between two observations, and between two heartbeats. */
const OBSERVE_EVERY = 4;
const BEAT_EVERY = 60;
const HAZARD_CHANCE = 1 / 160;
/** No more hazards than these are left on the roads. */
const MOST_HAZARDS = 9;

/** The fleet drives through the city, each vehicle with a connection of its own, until the signal. */
export async function life(parts: LifeParts): Promise<void> {
  const city = createCity();
  await Promise.all(
    FLEET.map((person, index) =>
      drive({ ...parts, city, person, chance: createChance(parts.seed * 31 + index) }),
    ),
  );
}

interface DriveParts extends LifeParts {
  readonly city: City;
  readonly person: RoadPerson;
  readonly chance: Chance;
}

async function drive(parts: DriveParts): Promise<void> {
  const { signal, person, chance, city } = parts;
  await pause(chance.next() * REPORT_MS, signal);
  let client: LiveClient<RoadContract> | undefined;
  // Whoever could not sign in tries again when they would report next.
  while (!client && !signal.aborted) {
    client = await connect(parts).catch(() => undefined);
    if (!client) await pause(REPORT_MS, signal);
  }
  if (!client) return;
  let isIn = false;
  const room = client.listen("city", {
    event: () => undefined,
    joined: () => (isIn = true),
    lost: () => (isIn = false),
  });
  const ride = createRide(city, chance);
  for (let turn = 0; !signal.aborted; turn += 1) {
    const moment = ride.forward((REPORT_MS / 1_000) * HASTE, Date.now());
    const { place, heading, speedKmh } = moment;
    client.request("locate", place).catch(() => undefined);
    if (isIn) room.whisper("vehicle", { trip: person.id, ...place, heading, speedKmh });
    if (turn % BEAT_EVERY === 0) client.request("heartbeat", {}).catch(() => undefined);
    if (turn % OBSERVE_EVERY === 0) await observe(client, parts, moment).catch(() => undefined);
    if (chance.next() < HAZARD_CHANCE) await meetHazard(client, parts, moment).catch(() => undefined);
    await pause(REPORT_MS, signal);
  }
  client.close();
}

/** Signs in as an app does, and connects with the token. */
async function connect({ url, person }: DriveParts): Promise<LiveClient<RoadContract>> {
  const { email, password } = person;
  const response = await fetch(`${url}/api/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`${person.name} could not sign in: ${response.status}`);
  const { token } = (await response.json()) as TokenAnswer;
  return createLiveClient<RoadContract>({
    url,
    headers: () => ({ authorization: `Bearer ${token}`, "user-agent": "mobile-app/1.0" }),
    socket: { auth: () => ({ token }) },
  });
}

async function observe(
  client: LiveClient<RoadContract>,
  parts: DriveParts,
  moment: RideMoment,
): Promise<void> {
  const { place, segment, shaking } = moment;
  if (!shaking) return;
  const response = await send(client, "/api/observations", { observations: [{ ...place, ...shaking }] });
  if (response.ok) {
    const quality = qualityOf(shaking);
    parts.onAct?.(`${parts.person.name} felt ${segment.street}: ${gradeOf(quality)} (${quality})`);
  }
}

/** Reports what lies in the way; where there is much already, takes something away. */
async function meetHazard(
  client: LiveClient<RoadContract>,
  { person, chance, onAct }: DriveParts,
  { place, segment }: RideMoment,
): Promise<void> {
  const { hazards } = (await (await client.fetch("/api/hazards")).json()) as HazardsAnswer;
  if (hazards.length >= MOST_HAZARDS) {
    const gone = chance.pick(hazards);
    const response = await client.fetch(`/api/hazards/${gone.id}`, { method: "DELETE" });
    if (response.ok)
      onAct?.(`${person.name} says that the ${gone.kind} on ${gone.street ?? "the road"} is gone`);
    return;
  }
  const hazard = chance.pick(DEMO_HAZARDS);
  const response = await send(client, "/api/hazards", { ...hazard, ...place });
  if (response.ok) onAct?.(`${person.name} reported ${hazard.kind} on ${segment.street}`);
}

function send(client: LiveClient<RoadContract>, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return client.fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Resolves after the time, or at the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
