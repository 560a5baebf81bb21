import { until } from "@livecache/rig";
import type { RunningServer } from "example-kit/run-server";
import { visit, visitorWith } from "example-kit/visitor";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  HazardsAnswer,
  MembersAnswer,
  ObservationsAnswer,
  OneSessionAnswer,
  RegionsAnswer,
  SegmentAnswer,
  SegmentsAnswer,
  SessionsAnswer,
} from "../src/answers.ts";
import { application } from "../src/application.ts";
import { DEMO_PEOPLE } from "../src/demo-people.ts";
import { joinCity, middleOf, openPhone } from "./support/phone.ts";
import type { Phone } from "./support/phone.ts";
import { startHere } from "./support/start-roads.ts";

/** The place of the seed's example, and the region that it names. */
const SEED_PLACE = { latitude: 28.7037, longitude: 77.2079 };

let server: RunningServer;
let asha: Phone;
let tom: Phone;
let elena: Phone;

beforeAll(async () => {
  server = await startHere();
  [asha, tom, elena] = (await Promise.all(
    ["asha", "tom", "elena"].map((id) => openPhone(server.url, id)),
  )) as [Phone, Phone, Phone];
  await Promise.all([joinCity(asha), joinCity(tom)]);
});

afterAll(async () => {
  for (const { client } of [asha, tom, elena]) client.close();
  await server.close();
});

test("health has the seed's shape", async () => {
  const response = await fetch(`${server.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: "ok",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    services: { mongodb: "connected", redis: "not configured", socketio: "active" },
  });
});

test("pages sign in by a cookie that scripts cannot read, apps by a token; what was given back is nobody's", async () => {
  const mei = DEMO_PEOPLE.find(({ id }) => id === "mei")!;
  const page = await visit(server.url, mei);
  expect(page.cookie).toMatch(/^roads_session=/);
  const person = { userId: "mei", name: "Mei Lin", role: "driver" };
  expect(await (await page.get("/api/session")).json()).toEqual({ person });
  const phone = await openPhone(server.url, "mei");
  expect(await phone.get("/api/session")).toEqual({ person });

  expect((await page.send("DELETE /api/session")).status).toBe(200);
  expect(await (await page.get("/api/session")).json()).toEqual({ person: null });
  expect((await page.send("DELETE /api/session")).status).toBe(401);
  expect(await phone.get("/api/session")).toEqual({ person });
  phone.client.close();
});

test("a wrong password, a forged token and no token at all are refused", async () => {
  const nobody = visitorWith(server.url, "");
  const wrong = { email: "tom@demo.test", password: "guess" };
  expect((await nobody.send("POST /api/session", wrong)).status).toBe(401);
  expect((await nobody.send("POST /api/token", wrong)).status).toBe(401);
  expect((await nobody.send("POST /api/observations", {})).status).toBe(401);
  const forged = { authorization: `Bearer ${asha.token.slice(0, -3)}abc` };
  expect((await nobody.send("POST /api/observations", {}, forged)).status).toBe(401);
  expect((await nobody.get("/api/sessions")).status).toBe(401);
});

test("observations count for the road that they were made on, and open maps are sent the change", async () => {
  const query = tom.client.query<SegmentsAnswer>("/api/segments");
  const stop = query.subscribe(() => undefined);
  const known = () => query.getSnapshot().data?.segments.find(({ id }) => id === "neem-street-2");
  const before = await until(known, { what: "the roads are loaded", withinMs: 5_000 });

  const rough = { ...middleOf("neem-street-2"), speedKmh: 40, vibration: 4 };
  const far = { latitude: 28.9, longitude: 77.2, speedKmh: 40, vibration: 1 };
  const response = await asha.send("POST /api/observations", { observations: [rough, rough, far] });
  expect(response.status).toBe(201);
  const written = (await response.json()) as ObservationsAnswer;
  expect(written).toMatchObject({ accepted: 2, offRoad: 1, segments: [{ id: "neem-street-2" }] });
  expect(written.segments[0]!.quality).toBeLessThan(before.quality!);
  expect(written.segments[0]!.observations).toBe(before.observations + 2);

  await until(() => known()?.observations === before.observations + 2, {
    what: "the map has it",
    withinMs: 5_000,
  });
  stop();
  const { segment, history, recent } = await asha.get<SegmentAnswer>("/api/segments/neem-street-2");
  expect(segment).toMatchObject({ street: "Neem Street", quality: written.segments[0]!.quality });
  expect(recent[0]).toMatchObject({ driver: "Asha Verma", quality: 0, vibration: 4 });
  expect(history.length).toBeGreaterThan(10);
});

test.each([
  [{ observations: [] }, "observations"],
  [{ observations: [{ latitude: 91, longitude: 0, speedKmh: 1, vibration: 1 }] }, "observations.0.latitude"],
  [
    { observations: Array.from({ length: 61 }, () => ({ ...SEED_PLACE, speedKmh: 1, vibration: 1 })) },
    "observations",
  ],
])("observations that are not right are refused by field (%#)", async (body, field) => {
  const response = await asha.send("POST /api/observations", body);
  expect(response.status).toBe(400);
  expect(Object.keys(((await response.json()) as { fields: object }).fields)).toContain(field);
});

test("a phone that says where it is has a region, a session in the seed's shape and a heartbeat", async () => {
  const { cell } = await asha.client.request<{ cell: string }>("locate", SEED_PLACE);
  expect(cell).toBe("ttngkc");
  await asha.client.request("heartbeat", {});
  const session = await until(
    async () =>
      (await elena.get<SessionsAnswer>("/api/sessions")).sessions.find(
        ({ userId, currentRegionId }) => userId === "asha" && currentRegionId === "ttngkc",
      ),
    { what: "the session is written", withinMs: 15_000 },
  );
  expect(session).toEqual({
    socketId: expect.any(String),
    userId: "asha",
    currentRegionId: "ttngkc",
    lastLocation: SEED_PLACE,
    connectedAt: expect.stringMatching(/Z$/),
    lastActivityAt: expect.stringMatching(/Z$/),
    userAgent: "mobile-app/1.0",
  });
  const noted = await until(
    async () => {
      const found = await elena.get<OneSessionAnswer>(`/api/sessions/${session.socketId}`);
      return found.lastHeartbeatAt ? found : undefined;
    },
    { what: "the heartbeat is noted", withinMs: 5_000 },
  );
  expect(noted.session.socketId).toBe(session.socketId);

  const { members, scope } = await elena.get<MembersAnswer>("/api/regions/ttngkc/members");
  expect(members).toEqual([{ socketId: session.socketId, userId: "asha" }]);
  expect(scope).toBe("cluster");
  await until(
    async () =>
      (await asha.get<RegionsAnswer>("/api/regions")).cells.some(
        (one) => one.cell === "ttngkc" && one.count === 1,
      ),
    { what: "the region is counted", withinMs: 5_000 },
  );
});

test("sessions and members are for operators only", async () => {
  for (const path of ["/api/sessions", "/api/sessions/x", "/api/regions/ttngkc/members"]) {
    expect((await asha.send(`GET ${path}`)).status, path).toBe(403);
  }
  expect((await elena.send("GET /api/sessions/x")).status).toBe(404);
  expect((await elena.send("GET /api/regions/nowhere!/members")).status).toBe(400);
});

test("a hazard is told to its region and those around it, and to nobody else", async () => {
  const heard: string[] = [];
  const cells = { here: "ttngkc", beside: "ttngkb", away: "ttngm9" };
  for (const [name, cell] of Object.entries(cells)) {
    await new Promise<void>((resolve) =>
      tom.client.listen(`region/${cell}`, {
        event: (event) => heard.push(`${name}: ${event}`),
        joined: resolve,
      }),
    );
  }
  const hazard = { kind: "pothole", note: "Deep", ...SEED_PLACE };
  const response = await asha.send("POST /api/hazards", hazard);
  expect(response.status).toBe(201);
  const { hazard: written } = (await response.json()) as { hazard: { id: number } };
  expect(written).toMatchObject({ kind: "pothole", cell: "ttngkc", reporter: { name: "Asha Verma" } });
  await until(() => heard.length >= 2, { what: "two regions have heard it", withinMs: 5_000 });

  expect((await asha.send(`DELETE /api/hazards/${written.id}`)).status).toBe(200);
  expect((await asha.send(`DELETE /api/hazards/${written.id}`)).status).toBe(404);
  await until(() => heard.length >= 4, { what: "they have heard that it is gone", withinMs: 5_000 });
  expect(heard.sort()).toEqual([
    "beside: hazard_cleared",
    "beside: hazard_reported",
    "here: hazard_cleared",
    "here: hazard_reported",
  ]);
  const { hazards } = await asha.get<HazardsAnswer>("/api/hazards");
  expect(hazards.map(({ id }) => id)).not.toContain(written.id);
});

test("a hazard outside the city is refused", async () => {
  const response = await asha.send("POST /api/hazards", { kind: "pothole", latitude: 10, longitude: 77.2 });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ fields: { latitude: "That is outside the city." } });
});

test("where a vehicle is, whoever looks at the map hears, with the name of its driver", async () => {
  const vehicle = { trip: "t1", ...SEED_PLACE, heading: 90, speedKmh: 40 };
  const heard = new Promise((resolve) => {
    tom.client.channel("city", {}, { vehicle: (body, { from }) => resolve({ from, body }) });
  });
  asha.client.to("city").whisper("vehicle", vehicle);
  expect(await heard).toEqual({ from: "asha", body: vehicle });
});

test("while the demonstration lives, its fleet drives through the regions and measures the roads", async () => {
  const stop = new AbortController();
  const acts: string[] = [];
  const living = application.life({
    url: server.url,
    signal: stop.signal,
    seed: 4,
    onAct: (words) => acts.push(words),
  });
  await until(async () => (await asha.get<RegionsAnswer>("/api/regions")).total >= 8, {
    what: "eight vehicles are on the road",
    withinMs: 10_000,
  });
  await until(() => acts.some((words) => / felt .*: (smooth|good|fair|rough|bad) \(\d+\)$/.test(words)), {
    what: "one has measured a road",
    withinMs: 10_000,
  });
  stop.abort();
  await living;
  await until(async () => (await asha.get<RegionsAnswer>("/api/regions")).total < 8, {
    what: "they have left",
    withinMs: 10_000,
  });
  expect(acts.length).toBeGreaterThan(0);
});
