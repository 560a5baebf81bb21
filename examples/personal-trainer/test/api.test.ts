import { createLiveClient, notificationsOf } from "@livecache/client";
import type { RunningServer } from "example-kit/run-server";
import type { Visitor } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type {
  Client,
  Comparison,
  Exercise,
  GroupSession,
  Metrics,
  Person,
  Preferences,
  Progress,
  Sourced,
  Stats,
  Workout,
  WorkoutWritten,
} from "../src/answers.ts";
import { application } from "../src/application.ts";
import type { Comment, ProgressUpdated, TrainerContract } from "../src/contract.ts";
import { DEMO_PEOPLE } from "../src/demo-people.ts";
import { aWorkout, read, startHere, visit } from "./support/visitor.ts";

let server: RunningServer;
let mia: Visitor;
let sam: Visitor;
let nora: Visitor;
let dario: Visitor;

beforeAll(async () => {
  server = await startHere();
  [mia, sam, nora, dario] = (await Promise.all(
    ["mia", "sam", "nora", "dario"].map((person) => visit(server.url, person)),
  )) as [Visitor, Visitor, Visitor, Visitor];
});

afterAll(() => server?.close());

function clientOf(visitor: Visitor) {
  const client = createLiveClient<TrainerContract>({
    url: server.url,
    headers: () => ({ cookie: visitor.cookie }),
  });
  onTestFinished(() => client.close());
  return client;
}

async function log(visitor: Visitor, title: string, weightKg?: number): Promise<Workout> {
  const response = await visitor.send("POST /api/workouts", aWorkout(title, weightKg));
  expect(response.status).toBe(201);
  return ((await response.json()) as WorkoutWritten).workout;
}

test.each([
  "/api/users/mia/progress",
  "/api/users/mia/workouts",
  "/api/users/mia/stats",
  "/api/members/mia/workouts",
])(
  "%s comes from the database, then from the cache, and after a workout from the database again",
  async (path) => {
    await log(mia, "Before");
    expect((await read(mia, path)).source).toBe("database");
    const second = await read(mia, path);
    expect(second.source).toBe("cache");
    await log(mia, "After");
    const third = await read(mia, path);
    expect(third.source).toBe("database");
    expect(third.data).not.toEqual(second.data);
  },
);

test("progress counts the week, the goals and the records as they are made", async () => {
  const before = (await read<Progress>(sam, "/api/users/sam/progress")).data;
  const workout = await log(sam, "Heavy singles", 300);
  expect(workout).toMatchObject({ volumeKg: 4_500, sets: 3, records: 1 });
  const { data } = await read<Progress>(sam, "/api/users/sam/progress");
  expect(data.thisWeek).toMatchObject({
    workouts: before.thisWeek.workouts + 1,
    volumeKg: before.thisWeek.volumeKg + 4_500,
  });
  expect(data.weeks).toHaveLength(8);
  expect(data.goals.find(({ kind }) => kind === "lift")).toMatchObject({ title: "Back squat", reached: 300 });
  const stats = (await read<Stats>(sam, "/api/users/sam/stats")).data;
  expect(stats.records[0]).toMatchObject({ exercise: "Back squat", weightKg: 300, reps: 5, onceKg: 350 });

  const update = aWorkout("Heavy singles", 100);
  expect((await sam.send(`PUT /api/workouts/${workout.id}`, update)).status).toBe(200);
  expect((await read<Stats>(sam, "/api/users/sam/stats")).data.records[0]).not.toMatchObject({
    weightKg: 300,
  });
  expect((await sam.send(`DELETE /api/workouts/${workout.id}`)).status).toBe(200);
  const after = (await read<Progress>(sam, "/api/users/sam/progress")).data;
  expect(after.thisWeek).toEqual(before.thisWeek);
});

test("progressUpdated goes to progress/:userId after create, update and delete, to the member and the trainer", async () => {
  const heard: [string, ProgressUpdated][] = [];
  const [here, there] = [clientOf(mia), clientOf(nora)];
  const stranger = clientOf(dario);
  let refusal: string | undefined;
  for (const [name, client] of [
    ["mia", here],
    ["nora", there],
  ] as const) {
    client.channel(
      "progress/:userId",
      { userId: "mia" },
      { progressUpdated: (data) => heard.push([name, data]) },
    );
  }
  stranger.channel("progress/:userId", { userId: "mia" }, { onError: ({ code }) => (refusal = code) });
  await vi.waitFor(() => expect(refusal).toBe("LIVE_CHANNEL_REFUSED"));
  await Promise.all([here, there].map((client) => ready(client)));

  const { id } = await log(mia, "Told");
  await mia.send(`PUT /api/workouts/${id}`, aWorkout("Told again"));
  await mia.send(`DELETE /api/workouts/${id}`);
  await vi.waitFor(() => expect(heard).toHaveLength(6));
  for (const name of ["mia", "nora"]) {
    const own = heard.filter(([who]) => who === name).map(([, data]) => data);
    expect(own.map(({ action }) => action)).toEqual(["created", "updated", "deleted"]);
    expect(own[0]).toMatchObject({ userId: "mia", userName: "Mia Hoffmann", workout: { id, volumeKg: 900 } });
  }
});

/** Resolves when the server has answered that the client is in the channel of Mia. */
async function ready(client: ReturnType<typeof clientOf>): Promise<void> {
  await new Promise<void>((resolve) => {
    client.listen("progress/mia", { event: () => undefined, joined: () => resolve() });
  });
}

test("a screen that shows progress follows a workout by itself, also when all of user:{userId}:* is voided", async () => {
  const client = clientOf(nora);
  const query = client.query<Sourced<Progress>>("/api/users/mia/progress");
  const profile = client.query<Sourced<Person>>("/api/users/mia/profile");
  onTestFinished(query.subscribe(() => undefined));
  onTestFinished(profile.subscribe(() => undefined));
  await vi.waitFor(() => {
    expect(query.getSnapshot().status).toBe("ready");
    expect(profile.getSnapshot().status).toBe("ready");
  });
  const count = () => query.getSnapshot().data!.data.totalWorkouts;
  const before = count();
  await log(mia, "Seen elsewhere");
  await vi.waitFor(() => expect(count()).toBe(before + 1));
  const form = { name: "Mia Hoffmann-Diaz", about: "Two pull-ups now.", weeklyTarget: 5 };
  expect((await mia.send("PUT /api/profile", form)).status).toBe(200);
  await vi.waitFor(() => {
    expect(profile.getSnapshot().data!.data.name).toBe("Mia Hoffmann-Diaz");
    expect(query.getSnapshot().data!.data.weeklyTarget).toBe(5);
  });
});

test("a profile update voids every key of user:{userId}:*", async () => {
  const paths = ["progress", "workouts", "stats", "profile"].map((part) => `/api/users/mia/${part}`);
  for (const path of paths) await read(mia, path);
  await read(mia, "/api/preferences");
  for (const path of [...paths, "/api/preferences"]) expect((await read(mia, path)).source).toBe("cache");
  await mia.send("PUT /api/profile", { name: "Mia Hoffmann", about: "", weeklyTarget: 4 });
  for (const path of [...paths, "/api/preferences"]) expect((await read(mia, path)).source).toBe("database");
});

test("assigning a client voids trainer:{trainerId}:*, opens the member's room, and unassigning closes it", async () => {
  const tess = await visit(server.url, "tess");
  const client = clientOf(nora);
  const errors: string[] = [];
  const names = async () =>
    (await read<Client[]>(nora, "/api/trainer/clients")).data.map(({ userId }) => userId);
  await read(nora, "/api/group-sessions");
  expect(await names()).not.toContain("tess");
  expect((await read(nora, "/api/group-sessions")).source).toBe("cache");
  expect((await nora.get("/api/users/tess/progress")).status).toBe(403);

  expect((await nora.send("POST /api/trainer/clients", { memberId: "tess" })).status).toBe(201);
  expect(await names()).toContain("tess");
  expect((await read(nora, "/api/group-sessions")).source).toBe("database");
  expect((await read<Client[]>(nora, "/api/trainer/free")).data).toEqual([]);
  expect((await read<Person>(tess, "/api/users/tess/profile")).data.trainerName).toBe("Nora Lindqvist");
  expect((await dario.send("POST /api/trainer/clients", { memberId: "tess" })).status).toBe(409);
  const joined = new Promise<void>((resolve) => {
    client.listen("progress/tess", {
      event: () => undefined,
      joined: () => resolve(),
      error: ({ code }) => errors.push(code),
    });
  });
  await joined;

  expect((await nora.send("DELETE /api/trainer/clients/tess")).status).toBe(200);
  await vi.waitFor(() => expect(errors).toEqual(["LIVE_CHANNEL_REFUSED"]));
  expect((await nora.get("/api/users/tess/progress")).status).toBe(403);
  expect((await nora.send("DELETE /api/trainer/clients/tess")).status).toBe(404);
});

test("a comment reaches the member's room, and waits as a notification until it is read", async () => {
  const workout = await log(sam, "Talked about");
  const client = clientOf(sam);
  const heard: Comment[] = [];
  client.channel("progress/:userId", { userId: "sam" }, { commented: (comment) => heard.push(comment) });
  await new Promise<void>((resolve) => {
    client.listen("progress/sam", { event: () => undefined, joined: () => resolve() });
  });
  const path = `/api/workouts/${workout.id}/comments`;
  expect((await nora.send(`POST ${path}`, { text: "Strong." })).status).toBe(201);
  await vi.waitFor(() => expect(heard.map(({ text }) => text)).toEqual(["Strong."]));
  const notices = notificationsOf(client);
  onTestFinished(notices.subscribe(() => undefined));
  await vi.waitFor(() =>
    expect(notices.getSnapshot()).toMatchObject({ unread: 1, items: [{ kind: "commented" }] }),
  );
  await notices.markRead({ upTo: notices.getSnapshot().items[0]!.id });
  await vi.waitFor(() => expect(notices.getSnapshot().unread).toBe(0));
  expect((await read<Comment[]>(sam, path)).data).toMatchObject([
    { text: "Strong.", author: { id: "nora" } },
  ]);
  const { data } = await read<Workout[]>(nora, "/api/members/sam/workouts");
  expect(data.find(({ id }) => id === workout.id)?.comments).toBe(1);
  expect((await dario.get(path)).status).toBe(404);
  expect((await dario.send(`POST ${path}`, { text: "Hello" })).status).toBe(404);
  expect((await nora.send(`POST ${path}`, { text: " " })).status).toBe(400);
});

test("a session is announced to the group, and clients say whether they come", async () => {
  const client = clientOf(sam);
  const heard: string[] = [];
  client.channel(
    "group/:trainerId",
    { trainerId: "nora" },
    { session_announced: ({ title }) => heard.push(title) },
  );
  await new Promise<void>((resolve) => {
    client.listen("group/nora", { event: () => undefined, joined: () => resolve() });
  });
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const form = { title: "Chalk and talk", place: "Platform 1", startsAt };
  const response = await nora.send("POST /api/group-sessions", form);
  const { session } = (await response.json()) as { session: GroupSession };
  await vi.waitFor(() => expect(heard).toEqual(["Chalk and talk"]));
  const coming = `PUT /api/group-sessions/${session.id}/coming`;
  expect((await sam.send(coming, { coming: true })).status).toBe(200);
  const omar = await visit(server.url, "omar");
  expect((await omar.send(coming, { coming: true })).status).toBe(404);
  const listed = (await read<GroupSession[]>(nora, "/api/group-sessions")).data;
  expect(listed.find(({ id }) => id === session.id)?.coming).toEqual([{ id: "sam", name: "Sam Adeyemi" }]);
  expect((await sam.send("POST /api/group-sessions", form)).status).toBe(403);
  const past = { ...form, startsAt: "2020-01-01T10:00:00Z" };
  expect((await nora.send("POST /api/group-sessions", past)).status).toBe(400);
  expect((await nora.send(`DELETE /api/group-sessions/${session.id}`)).status).toBe(200);
});

test("the exercises and the preferences come from the cache, each person's own", async () => {
  await read(mia, "/api/exercises");
  const { source, data } = await read<Exercise[]>(sam, "/api/exercises");
  expect(source).toBe("cache");
  expect(data.length).toBeGreaterThan(30);
  const mine = { unit: "lb", restSeconds: 120, favourites: ["squat"], muscle: "legs" };
  expect((await mia.send("PUT /api/preferences", mine)).status).toBe(200);
  expect((await read<Preferences>(mia, "/api/preferences")).data).toEqual(mine);
  expect((await read<Preferences>(sam, "/api/preferences")).data.unit).toBe("kg");
  const wrong = { ...mine, favourites: ["moonwalk"] };
  const refused = await mia.send("PUT /api/preferences", wrong);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ detail: 'There is no exercise "moonwalk".' });
});

test("goals are set and removed, and have their bounds", async () => {
  const path = "/api/users/dario/progress";
  expect((await read<Progress>(dario, path)).data.goals).toEqual([]);
  const lift = { kind: "lift", exerciseId: "deadlift", target: 140 };
  const { id } = (await (await dario.send("POST /api/goals", lift)).json()) as { id: number };
  expect((await read<Progress>(dario, path)).data.goals).toEqual([
    { id, kind: "lift", title: "Deadlift", target: 140, reached: 0, inKg: true },
  ]);
  expect((await dario.send("POST /api/goals", { kind: "lift", target: 1 })).status).toBe(400);
  expect((await sam.send(`DELETE /api/goals/${id}`)).status).toBe(404);
  for (let count = 1; count < 12; count += 1) await dario.send("POST /api/goals", lift);
  expect((await dario.send("POST /api/goals", lift)).status).toBe(409);
});

test("everything is kept as long as the guide says", async () => {
  await Promise.all(
    ["/api/users/mia/progress", "/api/users/mia/workouts", "/api/users/mia/stats", "/api/exercises"].map(
      (path) => read(mia, path),
    ),
  );
  await read(nora, "/api/members/mia/workouts");
  const { families } = (await (await mia.get("/api/metrics")).json()) as Metrics;
  expect(Object.fromEntries(families.map(({ family, ttl }) => [family, ttl]))).toMatchObject({
    "user:{userId}:progress": "5m",
    "user:{userId}:workouts": "5m",
    "user:{userId}:stats": "10m",
    "workouts:member:{memberId}": "5m",
    "exercises:all": "24h",
  });
});

test("figures tell hits from misses, and a comparison measures both ways", async () => {
  const figuresOf = async () => {
    const { families } = (await (await mia.get("/api/metrics")).json()) as Metrics;
    return families.find(({ family }) => family === "user:{userId}:stats")!;
  };
  await log(mia, "Measured");
  const before = await figuresOf();
  for (let count = 0; count < 3; count += 1) await read(mia, "/api/users/mia/stats");
  const after = await figuresOf();
  expect([after.misses - before.misses, after.hits - before.hits]).toEqual([1, 2]);
  expect(after.bytes).toBeGreaterThan(before.bytes);
  expect(after.ttl).toBe("10m");
  const response = await mia.send("POST /api/metrics/comparison");
  const { readings, cacheMs, databaseMs } = (await response.json()) as Comparison;
  expect(readings).toBe(25);
  expect(databaseMs).toBeGreaterThan(cacheMs);
});

test("a member sees nobody else's data, and changes nobody else's workouts", async () => {
  const workout = await log(mia, "Mine");
  for (const path of ["/api/users/mia/progress", "/api/users/mia/stats", "/api/members/mia/workouts"]) {
    expect((await sam.get(path)).status).toBe(403);
    expect((await nora.get(path)).status).toBe(200);
    expect((await dario.get(path)).status).toBe(403);
  }
  expect((await nora.send(`DELETE /api/workouts/${workout.id}`)).status).toBe(403);
  expect((await sam.send(`PUT /api/workouts/${workout.id}`, aWorkout("Stolen"))).status).toBe(404);
  expect((await sam.get("/api/trainer/clients")).status).toBe(403);
  const bad = { ...aWorkout("Bad"), entries: [] };
  expect(await (await mia.send("POST /api/workouts", bad)).json()).toMatchObject({
    fields: { entries: "Please add at least one exercise." },
  });
});

test("without sockets the client asks every so often by itself: no refresh of the page's own is needed", async () => {
  const client = createLiveClient<TrainerContract>({
    url: server.url,
    headers: () => ({ cookie: nora.cookie }),
    socket: { path: "/no-sockets-here" },
    timing: { pollMs: 200 },
  });
  onTestFinished(() => client.close());
  const query = client.query<Sourced<Progress>>("/api/users/sam/progress");
  onTestFinished(query.subscribe(() => undefined));
  await vi.waitFor(() => expect(query.getSnapshot().status).toBe("ready"));
  const before = query.getSnapshot().data!.data.totalWorkouts;
  await log(sam, "Nobody tells");
  expect(client.connection.getSnapshot().status).not.toBe("online");
  await vi.waitFor(() => expect(query.getSnapshot().data!.data.totalWorkouts).toBe(before + 1), 5_000);
});

test("life goes on by itself: people of the demonstration do what people do", async () => {
  const stop = new AbortController();
  const acts: string[] = [];
  const living = application.life({
    url: server.url,
    signal: stop.signal,
    seed: 5,
    onAct: (words) => acts.push(words),
  });
  await vi.waitFor(() => expect(acts.length).toBeGreaterThanOrEqual(3), 20_000);
  stop.abort();
  await living;
  const names = DEMO_PEOPLE.map(({ name }) => name);
  for (const words of acts) expect(names.some((name) => words.startsWith(name))).toBe(true);
});
