import type { RunningServer } from "example-kit/run-server";
import type { Visitor } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type {
  AdminDashboard,
  AttendanceAnswer,
  Dashboard,
  ParentDashboard,
  StudentDashboard,
  SuperDashboard,
  TeacherDashboard,
} from "../src/answers.ts";
import { liveClientOf, startHere, read, soon, visit } from "./support/visitor.ts";

const NAMES = ["noor", "miriam", "hana", "jonas", "pavel", "otto", "lena", "samuel"] as const;
type Name = (typeof NAMES)[number];

let server: RunningServer;
let as: Readonly<Record<Name, Visitor>>;

beforeAll(async () => {
  server = await startHere();
  const visitors = await Promise.all(NAMES.map((name) => visit(server.url, name)));
  as = Object.fromEntries(NAMES.map((name, index) => [name, visitors[index]])) as typeof as;
});

afterAll(() => server?.close());

const dashboard = <D extends Dashboard>(name: Name): Promise<D> => read<D>(as[name], "/api/dashboard");

function mark(teacher: Visitor, classId: string, marks: Record<string, string>): Promise<Response> {
  return teacher.send(`PUT /api/classes/${classId}/attendance`, { marks });
}

test.each([
  ["noor", "super_admin", "dashboard:super_admin"],
  ["miriam", "school_admin", "dashboard:school_admin:elm"],
  ["hana", "teacher", "dashboard:teacher:hana"],
  ["pavel", "staff", "dashboard:staff:pavel"],
  ["otto", "student", "dashboard:student:otto"],
  ["lena", "parent", "dashboard:parent:lena"],
] as const)("%s sees the dashboard of a %s, kept under %s", async (name, kind, key) => {
  expect(await dashboard(name)).toMatchObject({ kind });
  expect((await as[name].get("/api/dashboard")).headers.get("cache-status")).toMatch(/; hit/);
  const { stats } = await read<{ stats: { keys: string[] } }>(as.noor, "/api/caches");
  expect(stats.keys).toContain(key);
});

test("the schools are full of people and weeks of their life", async () => {
  const { totals, schools, days } = await dashboard<SuperDashboard>("noor");
  expect(totals).toEqual({ schools: 2, students: 120, teachers: 8 });
  expect(schools.map(({ id, students }) => [id, students])).toEqual([
    ["elm", 60],
    ["oak", 60],
  ]);
  expect(days).toHaveLength(10);
  const { classes, staff, fees } = await dashboard<AdminDashboard>("miriam");
  expect(classes.map(({ name }) => name)).toEqual(["5A", "6A", "7A", "8A"]);
  expect(staff).toHaveLength(7);
  expect(fees.overdue.length).toBeGreaterThan(0);
  const { lessons, homework, attendance } = await dashboard<StudentDashboard>("otto");
  expect([lessons.length, homework.length]).toEqual([5, 3]);
  expect(attendance.length).toBeGreaterThan(10);
});

test("attendance taken by a teacher is on every screen that shows it, and on no other", async () => {
  const watched = ["noor", "miriam", "hana", "otto", "lena", "samuel", "pavel"] as const;
  const queries = watched.map((name) => {
    const query = liveClientOf(server.url, as[name]).query<Dashboard>("/api/dashboard");
    onTestFinished(query.subscribe(() => undefined));
    return [name, query] as const;
  });
  await soon(() => {
    for (const [, query] of queries) expect(query.getSnapshot().status).toBe("ready");
  });
  const asOf = () =>
    Object.fromEntries(queries.map(([name, query]) => [name, query.getSnapshot().data!.asOf]));
  const before = asOf();

  // Otto only: Grace, who is in the same class, is not on anybody's mind.
  expect(await (await mark(as.hana, "elm-7a", { otto: "absent" })).json()).toMatchObject({
    changed: ["otto"],
  });
  await soon(() => {
    const now = asOf();
    for (const name of ["noor", "miriam", "hana", "otto", "lena"]) expect(now[name]).not.toBe(before[name]);
  });
  const after = asOf();
  expect([after["samuel"], after["pavel"]]).toEqual([before["samuel"], before["pavel"]]);
  const lena = await dashboard<ParentDashboard>("lena");
  expect(lena.children.find(({ studentId }) => studentId === "otto")!.attendance.at(-1)!.mark).toBe("absent");
  const miriam = await dashboard<AdminDashboard>("miriam");
  expect(miriam.classes.find(({ id }) => id === "elm-7a")!.today).toMatchObject({ absent: 1, unmarked: 14 });
});

test("whoever is absent is told to the parents, and what is no news to nobody", async () => {
  const client = liveClientOf(server.url, as.samuel);
  const heard: unknown[] = [];
  const { notificationsOf } = await import("@livecache/client");
  const notifications = notificationsOf(client);
  onTestFinished(notifications.subscribe(() => heard.push(notifications.getSnapshot().unread)));
  await soon(() => expect(notifications.getSnapshot().status).toBe("ready"));
  await mark(as.hana, "elm-7a", { grace: "late" });
  await soon(() => expect(notifications.getSnapshot().unread).toBe(1));
  const again = await mark(as.hana, "elm-7a", { grace: "late" });
  expect(await again.json()).toMatchObject({ changed: [] });
  expect(notifications.getSnapshot().items[0]).toMatchObject({
    kind: "attendance",
    data: { student: "Grace Adeyemi", mark: "late", by: "Hana Sato" },
  });
});

test("only teachers of the class and administrators take attendance", async () => {
  expect((await mark(as.lena, "elm-7a", { otto: "present" })).status).toBe(403);
  expect((await mark(as.hana, "oak-7a", { otto: "present" })).status).toBe(403);
  expect((await mark(as.hana, "elm-7a", { otto: "asleep" })).status).toBe(400);
  expect((await mark(as.miriam, "elm-8a", { ida: "present" })).status).toBe(200);
  const { students } = await read<AttendanceAnswer>(as.jonas, "/api/classes/elm-8a/attendance");
  expect(students.find(({ id }) => id === "ida")!.mark).toBe("present");
});

test("visitors and buses are the front desk's, fees the head's", async () => {
  expect((await as.hana.send("POST /api/visitors", { name: "Somebody", sees: "Hana" })).status).toBe(403);
  expect((await as.pavel.send("POST /api/visitors", { name: "S", sees: "" })).status).toBe(400);
  expect((await as.pavel.send("POST /api/visitors", { name: "Ada Byron", sees: "Hana Sato" })).status).toBe(
    201,
  );
  const desk = await dashboard("pavel");
  expect(desk).toMatchObject({
    visitors: expect.arrayContaining([expect.objectContaining({ name: "Ada Byron" })]),
  });
  expect((await as.pavel.send("PUT /api/buses/elm-bus-1", { state: "left" })).status).toBe(200);
  expect((await as.pavel.send("PUT /api/buses/oak-bus-1", { state: "left" })).status).toBe(404);
  const { fees } = await dashboard<AdminDashboard>("miriam");
  expect((await as.miriam.send(`POST /api/fees/${fees.overdue[0]!.id}/paid`)).status).toBe(200);
  const later = await dashboard<AdminDashboard>("miriam");
  expect(later.fees.paidCents).toBe(fees.paidCents + fees.overdue[0]!.cents);
});

test("a notice is on every screen of the school until it is taken back", async () => {
  const query = liveClientOf(server.url, as.otto).query<{ notice: unknown }>("/api/notice");
  onTestFinished(query.subscribe(() => undefined));
  await soon(() => expect(query.getSnapshot().data).toEqual({ notice: null }));
  expect((await as.otto.send("PUT /api/notice", { text: "No school!" })).status).toBe(403);
  expect((await as.miriam.send("PUT /api/notice", { text: "Sports day: bring water" })).status).toBe(200);
  await soon(() =>
    expect(query.getSnapshot().data?.notice).toMatchObject({
      text: "Sports day: bring water",
      by: "Miriam Okoye",
    }),
  );
  expect((await as.miriam.send("DELETE /api/notice")).status).toBe(200);
  await soon(() => expect(query.getSnapshot().data).toEqual({ notice: null }));
  expect((await as.miriam.send("DELETE /api/notice")).status).toBe(404);
});

test("teachers see their classes, what is to be graded, and who wrote", async () => {
  const hana = await dashboard<TeacherDashboard>("hana");
  expect(hana.ownClassIds).toEqual(["elm-7a"]);
  expect(hana.classes).toHaveLength(4);
  expect(hana.assessments[0]!.graded).toBeLessThan(hana.assessments[0]!.students);
  expect(hana.threads.map(({ studentId }) => studentId)).toEqual(["grace", "otto"]);
});
