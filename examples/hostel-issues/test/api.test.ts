import { isDeepStrictEqual } from "node:util";
import { createLiveClient } from "@livecache/client";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { IssueAnswer, IssuesAnswer, Summary } from "../src/answers.ts";
import type { HostelContract } from "../src/contract.ts";
import type { RunningServer } from "example-kit/run-server";
import { visitorWith } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import { anIssue, startHere, visit } from "./support/visitor.ts";

let server: RunningServer;
let asha: Visitor;
let grace: Visitor;
let mei: Visitor;
let elena: Visitor;

beforeAll(async () => {
  server = await startHere();
  [asha, grace, mei, elena] = (await Promise.all(
    ["asha", "grace", "mei", "elena"].map((person) => visit(server.url, person)),
  )) as [Visitor, Visitor, Visitor, Visitor];
});

afterAll(() => server?.close());

async function report(visitor: Visitor, title: string, hostelId?: string): Promise<number> {
  const response = await visitor.send("POST /api/issues", anIssue(title, hostelId));
  expect(response.status).toBe(201);
  return ((await response.json()) as IssueAnswer).issue.id;
}

async function issuesOf(visitor: Visitor, query = ""): Promise<IssuesAnswer> {
  return (await (await visitor.get(`/api/hostels/aspen/issues${query}`)).json()) as IssuesAnswer;
}

async function summary(): Promise<Summary> {
  return (await (await elena.get("/api/dashboard/summary")).json()) as Summary;
}

async function problem(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return (await response.json()) as Record<string, unknown>;
}

test("signing in sets a cookie that scripts cannot read, and says who one is", async () => {
  const nobody = visitorWith(server.url, "");
  const body = { email: "tom@demo.test", password: "demo-student" };
  const response = await nobody.send("POST /api/session", body);
  expect(response.headers.getSetCookie()[0]).toMatch(/^hostel_session=.*; HttpOnly; SameSite=Lax/);
  const { person } = (await response.json()) as { person: unknown };
  expect(person).toEqual({ userId: "tom", name: "Tom Okafor", role: "student", hostelId: "aspen" });
  expect(await (await nobody.get("/api/session")).json()).toEqual({ person: null });
});

test("a wrong password and an unknown address are refused in the same words", async () => {
  const nobody = visitorWith(server.url, "");
  const answers = await Promise.all(
    ["tom@demo.test", "nobody@demo.test"].map(async (email) => {
      const response = await nobody.send("POST /api/session", { email, password: "guess" });
      expect(response.status).toBe(401);
      return problem(response);
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
});

test("signing out takes the cookie away, and whoever has copied it is nobody", async () => {
  const [here, elsewhere] = [await visit(server.url, "luis"), await visit(server.url, "luis")];
  await here.get("/api/hostels/cedar/issues");
  const client = liveClientOf(here);
  client.channel("hostel/:hostelId", { hostelId: "cedar" });
  const connection = () => client.connection.getSnapshot();
  await vi.waitFor(() => expect(connection().status).toBe("online"));
  const response = await here.send("DELETE /api/session");
  expect(response.headers.getSetCookie()[0]).toMatch(/^hostel_session=;.*Expires=Thu, 01 Jan 1970/);
  expect((await here.get("/api/hostels/cedar/issues")).status).toBe(401);
  expect(await (await here.get("/api/session")).json()).toEqual({ person: null });
  expect((await elsewhere.get("/api/hostels/cedar/issues")).status).toBe(200);
  await vi.waitFor(() => expect(connection()).toMatchObject({ code: "LIVE_IDENTITY_ENDED" }));
});

test("signing out everywhere ends every session of the person, and nobody else's", async () => {
  const devices = [await visit(server.url, "henrik"), await visit(server.url, "henrik")];
  expect((await devices[0]!.send("DELETE /api/sessions")).status).toBe(200);
  for (const device of devices) expect((await device.get("/api/hostels")).status).toBe(401);
  expect((await grace.get("/api/hostels")).status).toBe(200);
  expect((await visitorWith(server.url, "").send("DELETE /api/sessions")).status).toBe(401);
});

test("whoever guesses the password of an account is refused for a while, and others are not", async () => {
  const nobody = visitorWith(server.url, "");
  const guess = (email: string) => nobody.send("POST /api/session", { email, password: "guess" });
  for (let time = 0; time < 5; time++) expect((await guess("priya@demo.test")).status).toBe(401);
  const refused = await guess("Priya@demo.test");
  expect([refused.status, refused.headers.has("retry-after")]).toEqual([429, true]);
  await problem(refused);
  expect((await guess("mei@demo.test")).status).toBe(401);
});

test("a forged session is nobody's", async () => {
  const forged = asha.cookie.slice(0, -4) + "AAAA";
  expect((await visitorWith(server.url, forged).get("/api/hostels/aspen/issues")).status).toBe(401);
});

test.each<Record<string, string>>([
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { origin: "https://evil.test" },
])("a write that another site makes the browser send is refused: %o", async (headers) => {
  const response = await asha.send("POST /api/issues", anIssue("Forged in my name"), headers);
  expect(response.status).toBe(403);
});

test("a write from the site's own page is accepted", async () => {
  const headers = { "sec-fetch-site": "same-origin", origin: server.url };
  const response = await asha.send("POST /api/issues", anIssue("Window does not close"), headers);
  expect(response.status).toBe(201);
});

test("the list of a hostel is cached until somebody reports an issue, and then shows it", async () => {
  await issuesOf(asha);
  const again = await asha.get("/api/hostels/aspen/issues");
  expect(again.headers.get("cache-status")).toMatch(/; hit/);
  const id = await report(asha, "Tap drips in the kitchen");
  expect((await issuesOf(asha)).issues[0]).toMatchObject({ id, status: "open", reporter: { id: "asha" } });
  expect((await issuesOf(grace)).issues[0]).toMatchObject({ id });
});

test("the list can be narrowed by status and kind, and counts what there is", async () => {
  const id = await report(asha, "No network in the study room");
  await grace.send(`PATCH /api/issues/${id}/status`, { status: "resolved" });
  const { issues, counts } = await issuesOf(grace, "?status=resolved&category=plumbing&limit=3");
  expect(issues.length).toBeLessThanOrEqual(3);
  expect(issues[0]).toMatchObject({ id, status: "resolved", category: "plumbing" });
  expect(counts.resolved).toBeGreaterThanOrEqual(1);
  const refused = await grace.get("/api/hostels/aspen/issues?status=lost");
  expect(refused.status).toBe(400);
  expect(await problem(refused)).toMatchObject({ fields: { status: expect.any(String) } });
});

test("students and wardens reach their own hostel only", async () => {
  const id = await report(asha, "Only for Aspen House");
  expect((await mei.get("/api/hostels/aspen/issues")).status).toBe(403);
  expect((await mei.get(`/api/issues/${id}`)).status).toBe(404);
  expect((await mei.send("POST /api/issues", anIssue("Not my hostel"))).status).toBe(403);
  expect((await mei.get("/api/hostels/aspen/announcements")).status).toBe(403);
  expect(await (await mei.get("/api/hostels")).json()).toMatchObject({ hostels: [{ id: "birch" }] });
});

test("nobody reads anything without signing in", async () => {
  const nobody = visitorWith(server.url, "");
  const paths = ["/hostels", "/hostels/aspen/issues", "/issues/1", "/dashboard/summary"];
  for (const path of paths) expect((await nobody.get(`/api${path}`)).status).toBe(401);
});

test("only management sees the dashboard, and it follows every write", async () => {
  expect((await asha.get("/api/dashboard/summary")).status).toBe(403);
  expect((await grace.get("/api/dashboard/summary")).status).toBe(403);
  const before = await summary();
  expect((await elena.get("/api/dashboard/summary")).headers.get("cache-status")).toMatch(/; hit/);
  const id = await report(asha, "Counted on the dashboard");
  const reported = await summary();
  expect(reported.open).toBe(before.open + 1);
  expect(reported.days.at(-1)!.reported).toBe(before.days.at(-1)!.reported + 1);
  await grace.send(`PATCH /api/issues/${id}/status`, { status: "resolved" });
  const resolved = await summary();
  expect(resolved).toMatchObject({ open: before.open, resolved: before.resolved + 1 });
  expect(resolved.days).toHaveLength(14);
});

test("what is filled in wrongly is named field by field", async () => {
  const response = await asha.send("POST /api/issues", { ...anIssue("No"), category: "magic" });
  expect(response.status).toBe(400);
  expect(await problem(response)).toMatchObject({
    status: 400,
    fields: { title: "Please say in a few words what is wrong.", category: expect.any(String) },
  });
});

test("a body that is no JSON, a missing hostel and an unknown address are the client's mistakes", async () => {
  const broken = await fetch(`${server.url}/api/issues`, {
    method: "POST",
    headers: { cookie: asha.cookie, "content-type": "application/json" },
    body: "{",
  });
  expect(broken.status).toBe(400);
  const nowhere = await elena.send("POST /api/issues", anIssue("Nowhere at all", "atlantis"));
  expect(nowhere.status).toBe(404);
  expect((await asha.get("/api/nothing")).status).toBe(404);
});

test("wardens take an issue through its steps, students do not", async () => {
  const id = await report(asha, "Radiator stays cold");
  expect((await asha.send(`PATCH /api/issues/${id}/status`, { status: "resolved" })).status).toBe(403);
  for (const status of ["in_progress", "in_progress", "resolved"]) {
    const response = await grace.send(`PATCH /api/issues/${id}/status`, { status });
    expect(await response.json()).toMatchObject({ message: "Issue status updated", issue: { id, status } });
  }
  const { issue, steps } = (await (await asha.get(`/api/issues/${id}`)).json()) as IssueAnswer;
  expect(issue.resolvedAt).not.toBeNull();
  expect(steps.map((step) => [step.status, step.person.id])).toEqual([
    ["open", "asha"],
    ["in_progress", "grace"],
    ["resolved", "grace"],
  ]);
});

test("announcements reach one hostel, or all of them", async () => {
  const titlesFor = async (visitor: Visitor, hostelId: string): Promise<string[]> => {
    const answer = await (await visitor.get(`/api/hostels/${hostelId}/announcements`)).json();
    return (answer as { announcements: { title: string }[] }).announcements.map(({ title }) => title);
  };
  const text = { title: "Water off on Monday", body: "From nine to ten." };
  expect((await asha.send("POST /api/hostels/aspen/announcements", text)).status).toBe(403);
  expect((await grace.send("POST /api/hostels/all/announcements", text)).status).toBe(403);
  await titlesFor(asha, "aspen");
  expect((await grace.send("POST /api/hostels/aspen/announcements", text)).status).toBe(201);
  expect(await titlesFor(asha, "aspen")).toContain(text.title);
  expect(await titlesFor(mei, "birch")).not.toContain(text.title);
  const toAll = { title: "Open day", body: "Everybody is welcome." };
  expect((await elena.send("POST /api/hostels/all/announcements", toAll)).status).toBe(201);
  expect(await titlesFor(asha, "aspen")).toContain(toAll.title);
  expect(await titlesFor(mei, "birch")).toContain(toAll.title);
});

function liveClientOf({ cookie }: Visitor) {
  const { url } = server;
  // A cookie is believed only from one of the site's own pages, and this is how a page says that it is one.
  const client = createLiveClient<HostelContract>({ url, headers: () => ({ cookie, origin: url }) });
  onTestFinished(() => client.close());
  return client;
}

test("an open list updates itself, and its hostel hears the events", async () => {
  const client = liveClientOf(asha);
  const query = client.query<IssuesAnswer>("/api/hostels/aspen/issues");
  const heard: unknown[] = [];
  onTestFinished(query.subscribe(() => undefined));
  client.channel(
    "hostel/:hostelId",
    { hostelId: "aspen" },
    {
      new_issue: ({ id, reporter }) => heard.push(["new_issue", id, reporter.id]),
      issue_status_updated: ({ id, status, by }) => heard.push(["issue_status_updated", id, status, by.id]),
      new_announcement: ({ title }) => heard.push(["new_announcement", title]),
    },
  );
  const announce = (title: string) =>
    elena.send("POST /api/hostels/all/announcements", { title, body: "Yes." });
  const isKnock = (event: unknown) => isDeepStrictEqual(event, ["new_announcement", "Knock"]);
  await vi.waitFor(() => expect(query.getSnapshot().status).toBe("ready"));
  await vi.waitFor(async () => {
    await announce("Knock");
    expect(heard.some(isKnock)).toBe(true);
  });
  const id = await report(grace, "Seen without asking");
  await grace.send(`PATCH /api/issues/${id}/status`, { status: "in_progress" });
  await announce("Heard everywhere");
  await vi.waitFor(() => {
    expect(query.getSnapshot().data?.issues[0]).toMatchObject({ id, status: "in_progress" });
    expect(heard.filter((event) => !isKnock(event))).toEqual([
      ["new_issue", id, "grace"],
      ["issue_status_updated", id, "in_progress", "grace"],
      ["new_announcement", "Heard everywhere"],
    ]);
  });
});

test("nobody listens to another hostel", async () => {
  const client = liveClientOf(mei);
  const refused = new Promise((resolve) =>
    client.channel("hostel/:hostelId", { hostelId: "aspen" }, { onError: ({ code }) => resolve(code) }),
  );
  expect(await refused).toBe("LIVE_CHANNEL_REFUSED");
});

test("the server says how it is, and lets pages run nothing but its own files", async () => {
  const health = await fetch(`${server.url}/health`);
  expect(await health.json()).toMatchObject({ status: "ok", ground: "here" });
  expect(health.headers.get("content-security-policy")).toContain("script-src 'self'");
});
