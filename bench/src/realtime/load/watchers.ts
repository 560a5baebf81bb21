import { Agent, get } from "node:http";
import { until } from "@livecache/rig";
import { applyPatch } from "@livecache/wire";
import type { JsonPatch } from "@livecache/wire";
import type { Member } from "./member.ts";
import { nowUs } from "../sites/site.ts";

/** What came of a change that everybody had to hear of. */
export interface Converged {
  /** From the change to the last screen that showed what was there after it. */
  readonly tookMs: number;
  readonly requests: number;
  /** Different versions that are shown at the end: 1 when all screens agree. */
  readonly versions: number;
  /** Screens that had the new content pushed to them. */
  readonly pushed: number;
}

interface Page {
  readonly version: string;
}

interface Looked {
  readonly page: Page;
  readonly token: string | undefined;
}

/** What clients of those who tell a room draw a random part of before they ask again: what careful hands do. */
const ROOM_SPREAD_MS = 500;

/** Longest pause before somebody who was refused for a passing reason asks again. */
const RETRY_MS = 500;

/** What the server says of a page that is watched. */
interface Told {
  readonly position?: string;
  readonly spreadMs?: number;
  readonly body?: unknown;
  /** Instead of the body: how it differs from what was shown. */
  readonly delta?: JsonPatch;
}

/** Makes what looks at `GET /item` on behalf of every member, and looks again when it is told to. */
export function createWatchers() {
  const load = createLoader(() => counts.requests++);
  const shown: string[] = [];
  let ports: readonly number[] = [];
  let members: readonly Member[] = [];
  let counts = { requests: 0, pushed: 0, lastUs: 0 };
  let watching = false;
  /** What everybody shows at first. */
  let page: Page = { version: "" };

  function show(index: number, version: string): void {
    if (shown[index] === version) return;
    shown[index] = version;
    counts.lastUs = nowUs();
  }

  async function watch(index: number, token: string): Promise<void> {
    const reply = await members[index]!.ask("watch", { token });
    if (reply["ok"] !== true && reply["retryable"] === true) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * RETRY_MS));
      return watch(index, token);
    }
    if (reply["ok"] !== true) throw new Error(`watch was refused: ${JSON.stringify(reply)}`);
    if (reply["state"] === "stale") await lookAgain(index, { position: String(reply["position"]) });
  }

  async function lookAgain(index: number, { position, spreadMs = 0 }: Told): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * spreadMs));
    const { page: found, token } = await load(ports[index % ports.length]!, position);
    show(index, found.version);
    if (token !== undefined) await watch(index, token);
  }

  return {
    /** A member was told something. */
    onFrame(index: number, name: string, told: Told = {}): void {
      if (!watching) return;
      if (name === "body") {
        counts.pushed++;
        const body = (told.delta ? applyPatch(page, told.delta) : told.body) as Page | undefined;
        if (body) return show(index, body.version);
      }
      if (name === "tick") lookAgain(index, { spreadMs: ROOM_SPREAD_MS }).catch(() => undefined);
      if (name === "stale" || name === "body") lookAgain(index, told).catch(() => undefined);
    },
    /** Lets every member look at the page, and watch it where that is offered. */
    async lookAll(all: readonly Member[], at: readonly number[]): Promise<void> {
      [members, ports, watching] = [all, at, true];
      const looked = await load(ports[0]!);
      const { token } = looked;
      page = looked.page;
      shown.length = 0;
      for (let index = 0; index < all.length; index++) shown.push(page.version);
      if (token === undefined) return;
      for (let from = 0; from < all.length; from += 500) {
        const some = [...all.keys()].slice(from, from + 500);
        await Promise.all(some.map((index) => watch(index, token)));
      }
      counts = { requests: 0, pushed: 0, lastUs: 0 };
    },
    /** Resolves once nobody shows any more what was shown at first. */
    async converged(sinceUs: number, withinMs: number): Promise<Converged> {
      await until(() => shown.every((version) => version !== page.version), {
        what: "every screen is new",
        withinMs,
      });
      watching = false;
      const { requests, pushed, lastUs } = counts;
      return { tookMs: (lastUs - sinceUs) / 1_000, requests, versions: new Set(shown).size, pushed };
    },
  };
}

/** Makes what asks for the page, over connections that stay open. */
function createLoader(onRequest: () => void) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return (port: number, position?: string): Promise<Looked> => {
    onRequest();
    const headers = position === undefined ? {} : { "Live-Position": position };
    return new Promise((resolve, reject) => {
      const request = get({ port, host: "127.0.0.1", path: "/item", agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.once("end", () => {
          if (response.statusCode !== 200) return reject(new Error(`GET /item: ${response.statusCode}`));
          const token = response.headers["live-query"];
          const found = JSON.parse(text) as Page;
          resolve({ page: found, token: typeof token === "string" ? token : undefined });
        });
      });
      request.once("error", reject);
    });
  };
}
