import { until } from "@livecache/rig";
import { describe, expect, test } from "vitest";
import type { RunningServer } from "../src/server.ts";
import { createVisitor } from "./visitor.ts";
import type { Mail, Visitor } from "./visitor.ts";

export type Node = RunningServer & { readonly mail: Mail };

const INES = { email: "ines@demo.test", password: "demo" };
const HANA = { email: "hana@demo.test", password: "demo" };
const OTTO = { email: "otto@demo.test", password: "demo" };

async function withToken(node: Node, who: typeof HANA): Promise<Visitor> {
  const visitor = createVisitor();
  const response = await visitor.ask(node, "POST /school/sign-in", who);
  visitor.token = ((await response.json()) as { token: string }).token;
  return visitor;
}

async function withSession(node: Node, who: typeof INES): Promise<Visitor> {
  const visitor = createVisitor();
  const response = await visitor.ask(node, "POST /parts/sign-in", who);
  expect(response.status).toBe(200);
  return visitor;
}

const statusOf = async (visitor: Visitor, node: Node, path: string): Promise<number> =>
  (await visitor.ask(node, `GET ${path}`)).status;

/** Two nodes, which may be one. */
export type OpenNodes = () => Promise<readonly [Node, Node]>;

/** What the example promises, over any ground. */
export function describeSignIn(ground: string, open: OpenNodes): void {
  describe(`the sign-in example on ${ground}`, () => {
    describe("sessions", () => {
      describeSessions(open);
    });
    describe("tokens", () => {
      describeTokens(open);
    });
    describe("accounts", () => {
      describeAccounts(open);
    });
  });
}

function describeSessions(open: OpenNodes): void {
  test("a session is good on every node, for administrators, until it is signed out", async () => {
    const [one, other] = await open();
    const ines = await withSession(one, INES);
    const carlo = await withSession(one, { email: "carlo@demo.test", password: "demo" });
    expect(await statusOf(ines, other, "/parts/audits")).toBe(200);
    expect(await statusOf(carlo, other, "/parts/audits")).toBe(403);
    expect(await statusOf(createVisitor(), other, "/parts/audits")).toBe(401);
    await ines.ask(other, "POST /parts/sign-out");
    expect(await statusOf(ines, one, "/parts/audits")).toBe(401);
  });

  test("signing out everywhere ends the sessions of all devices, and their sockets", async () => {
    const [one, other] = await open();
    const [desk, phone] = [await withSession(one, INES), await withSession(other, INES)];
    const sessions = await (await desk.ask(one, "GET /parts/sessions")).json();
    expect(sessions).toMatchObject([{ isThis: expect.any(Boolean) }, { isThis: expect.any(Boolean) }]);
    const socket = await phone.connect(other);
    const everywhere = await desk.ask(one, "POST /parts/sign-out-everywhere");
    expect(await everywhere.json()).toEqual({ ended: 2 });
    await until(() => !socket.connected, { what: "the socket is closed", withinMs: 5_000 });
    expect(await statusOf(phone, other, "/parts/audits")).toBe(401);
  });
}

function describeTokens(open: OpenNodes): void {
  test("a token that was given back is refused on every node at once, and its socket is closed", async () => {
    const [one, other] = await open();
    const hana = await withToken(one, HANA);
    const elsewhere = await withToken(one, HANA);
    const socket = await hana.connect(other);
    expect(await statusOf(hana, other, "/school/me")).toBe(200);
    expect((await hana.ask(one, "POST /school/sign-out")).status).toBe(204);
    await until(() => !socket.connected, { what: "the socket is closed", withinMs: 5_000 });
    expect(await statusOf(hana, one, "/school/me")).toBe(401);
    expect(await statusOf(hana, other, "/school/me")).toBe(401);
    expect(await statusOf(elsewhere, other, "/school/me")).toBe(200);
  });

  test("a new password makes all earlier tokens worthless", async () => {
    const [one, other] = await open();
    const [desk, phone] = [await withToken(one, OTTO), await withToken(other, OTTO)];
    expect((await desk.ask(one, "POST /school/password", { password: "a longer one" })).status).toBe(204);
    const isRefused = async (): Promise<boolean> => (await statusOf(phone, other, "/school/me")) === 401;
    await until(isRefused, { what: "the other node refuses it", withinMs: 5_000 });
    expect(await statusOf(desk, one, "/school/me")).toBe(401);
  });

  test("a new role reaches an open page at once, and what may be written changes with it", async () => {
    const [one] = await open();
    const [ines, otto] = [await withToken(one, INES), await withToken(one, OTTO)];
    const socket = await otto.connect(one);
    const roles: unknown[] = [];
    socket.on("role_changed", (event: unknown) => void roles.push(event));
    await socket.emitWithAck("join", { channel: "account/otto" });
    const grade = async (): Promise<number> => (await otto.ask(one, "PUT /school/grades/mia", {})).status;
    // A node that has just begun does not know yet what is revoked, and keeps sensitive routes shut.
    await until(async () => (await grade()) !== 503, { what: "revocations are known", withinMs: 5_000 });
    expect(await grade()).toBe(403);
    expect((await ines.ask(one, "PUT /school/roles/otto", { role: "teacher" })).status).toBe(200);
    await until(() => roles.length > 0, { what: "the page is told", withinMs: 5_000 });
    expect(roles).toEqual([{ role: "teacher" }]);
    expect(await grade()).toBe(200);
  });
}

function describeAccounts(open: OpenNodes): void {
  test("guessing a password is over after five attempts, on all nodes together", async () => {
    const [one, other] = await open();
    const statuses: number[] = [];
    for (const node of [one, other, one, other, one, other, one]) {
      const guess = { email: OTTO.email, password: "wrong" };
      statuses.push((await createVisitor().ask(node, "POST /trainer/sign-in", guess)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const right = await createVisitor().ask(other, "POST /trainer/sign-in", OTTO);
    expect([right.status, Number(right.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect((await createVisitor().ask(other, "POST /trainer/sign-in", HANA)).status).toBe(200);
  });

  test("a reset works once, and ends what was signed in before", async () => {
    const [one, other] = await open();
    const ines = await withSession(one, INES);
    const anybody = createVisitor();
    const asked = await anybody.ask(one, "POST /trainer/reset", { email: INES.email });
    const unknown = await anybody.ask(one, "POST /trainer/reset", { email: "nobody@demo.test" });
    expect(await asked.text()).toBe(await unknown.text());
    const [[, code]] = one.mail as readonly [readonly [string, string]];
    const use = (): Promise<Response> =>
      anybody.ask(one, `POST /trainer/reset/${code}`, { password: "a longer one" });
    expect([(await use()).status, (await use()).status]).toEqual([204, 410]);
    expect(await statusOf(ines, other, "/parts/audits")).toBe(401);
  });
}
