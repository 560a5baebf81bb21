import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../test/rig.ts";

/** An event target that knows how many listeners it has. */
class Target extends EventTarget {
  listeners = 0;

  override addEventListener(name: string, listener: () => void): void {
    this.listeners++;
    super.addEventListener(name, listener);
  }

  override removeEventListener(name: string, listener: () => void): void {
    this.listeners--;
    super.removeEventListener(name, listener);
  }
}

/** As much of a browser's page as the client looks at. */
class Page extends Target {
  hidden = false;

  show(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
    // In a browser it bubbles.
    browser.dispatchEvent(new Event("visibilitychange"));
  }
}

let page = new Page();
let browser = new Target();

beforeEach(() => {
  page = new Page();
  browser = new Target();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", browser.addEventListener.bind(browser));
  vi.stubGlobal("removeEventListener", browser.removeEventListener.bind(browser));
});

afterAll(() => void vi.unstubAllGlobals());

async function shown(token: string | undefined) {
  const server = await openServer();
  let count = 0;
  server.routes.set("/issues", () => ({ body: ++count, headers: { "live-query": token } }));
  const client = clientOf(server);
  const query = client.query<number>("/issues");
  query.subscribe(() => {});
  return { server, client, query };
}

test("a page that opens hidden loads its data all the same", async () => {
  page.hidden = true;
  const { query } = await shown("t");
  await soon(() => expect(query.getSnapshot().data).toBe(1));
});

test("while the page is hidden refetches are held, and one is made when it is shown", async () => {
  const { server, client, query } = await shown("t");
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  page.show(true);
  server.stale("w1", "a.9");
  await soon(() => expect(query.getSnapshot().isStale).toBe(true));
  server.cut();
  await soon(() => expect(server.handshakes).toHaveLength(2));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(1);
  page.show(false);
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(2);
});

test("showing a page whose queries are watched fetches nothing", async () => {
  const { server, client } = await shown("t");
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  page.show(true);
  page.show(false);
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(1);
});

test("showing a page fetches what nobody watches", async () => {
  const { client, query } = await shown(undefined);
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await soon(() => expect(query.getSnapshot().data).toBe(1));
  page.show(true);
  page.show(false);
  await soon(() => expect(query.getSnapshot().data).toBe(2));
});

test("when the machine is back on a network the client connects at once", async () => {
  const server = await openServer();
  await server.stop();
  const client = clientOf(server, { timing: { ...QUICK, retryMinMs: 60_000, retryMaxMs: 60_000 } });
  client.listen("hostel/7", { event: () => {} });
  await soon(() => expect(client.connection.getSnapshot().status).toBe("offline"));
  await server.start();
  browser.dispatchEvent(new Event("online"));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
});

test("closing the client leaves no listener on the page or its window", async () => {
  const { client, server } = await shown("t");
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  expect([page.listeners, browser.listeners]).toEqual([0, 3]);
  client.close();
  expect([page.listeners, browser.listeners]).toEqual([0, 0]);
});
