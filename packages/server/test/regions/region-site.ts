import { createLive, defineContract } from "../../src/index.ts";
import type { LocateReply, NearReply } from "@livecache/wire";
import { vi } from "vitest";
import { z } from "zod";
import type { Live } from "../../src/assembly/create-live.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/base/clock.ts";
import { randomWord } from "../../src/base/ids.ts";
import type { Identity } from "../../src/base/identity.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { onTestFinished } from "../side-by-side.ts";

const observed = z.object({ text: z.string() });

const contract = defineContract({
  channels: {
    "region/:cell": { events: { observed } },
    "road/:id": { events: { observed } },
  },
  regions: { channel: "region/:cell", precision: 6 },
});

/** A driver; `barred` names cells that they may not enter. */
export interface Driver extends Identity {
  readonly barred?: readonly string[];
}

/** One node of an application with regions. */
export interface RegionNode {
  readonly live: Live<typeof contract, Driver>;
  readonly warnings: string[];
  /** Connects somebody, without a real socket. */
  visit(driver?: Driver): Promise<Visitor>;
}

/** Somebody who is connected. */
export interface Visitor {
  readonly id: string;
  /** Names of frames and texts of events that came, and replies to `locate` in their place among them. */
  readonly got: unknown[];
  /** The channels that the door sends to this socket. */
  readonly entered: ReadonlySet<string>;
  locate(latitude: unknown, longitude: unknown): Promise<LocateReply>;
  near(request?: object): Promise<NearReply>;
  ask(frame: string, request?: unknown): Promise<object>;
  disconnect(): void;
}

/** Where a node lives, and who visits. */
export interface NodeSetting {
  /** Who a socket is may change: this is asked each time. */
  readonly people?: Map<string, Driver>;
  readonly clock?: Clock;
}

/** Starts a node; it ends with the test. */
export async function startNode(
  ground?: Ground,
  { people = new Map(), clock = systemClock }: NodeSetting = {},
): Promise<RegionNode> {
  const warnings: string[] = [];
  const live = createLive({
    contract,
    ground,
    clock,
    secret: "0123456789012345678901234567890123456789",
    identify: ({ auth }) => people.get(String(auth?.["user"])) ?? null,
    authorize: {
      "region/:cell": (driver, { cell }) => !driver?.barred?.includes(cell),
      "road/:id": () => true,
    },
    logger: { warn: (message) => warnings.push(message) },
  });
  onTestFinished(live.close);
  await vi.waitUntil(() => live.door.applied(), 5_000);
  return {
    live: live as RegionNode["live"],
    warnings,
    async visit(driver) {
      if (driver) people.set(driver.userId, driver);
      return visitNode(live.door, driver?.userId);
    },
  };
}

async function visitNode(door: RegionNode["live"]["door"], user: string | undefined): Promise<Visitor> {
  const id = randomWord(20);
  const got: unknown[] = [];
  const entered = new Set<string>();
  const stop = door.hub.addBroadcaster({
    send({ channel, frame, args }) {
      if (entered.has(channel)) got.push(frame === "observed" ? (args[0] as { text: string }).text : frame);
    },
  });
  const admission = await door.admit({ headers: {}, url: "/", auth: { user }, native: 0 });
  const conversation = door.converse(
    {
      id,
      address: undefined,
      userAgent: undefined,
      emit: (frame) => got.push(frame),
      enter: (name) => entered.add(name),
      exit: (name) => entered.delete(name),
      end: () => got.push("ended"),
    },
    admission,
  );
  let isOpen = true;
  function disconnect(): void {
    if (!isOpen) return;
    isOpen = false;
    stop();
    conversation.close();
  }
  onTestFinished(disconnect);
  async function ask(frame: string, request?: unknown): Promise<object> {
    let reply: object | undefined;
    await conversation.frames[frame]!(request, (answer) => {
      reply = answer;
      if (frame === "locate") got.push(answer);
    });
    return reply!;
  }
  return {
    id,
    got,
    entered,
    ask,
    locate: async (latitude, longitude) => (await ask("locate", { latitude, longitude })) as LocateReply,
    near: async (request) => (await ask("near", request)) as NearReply,
    disconnect,
  };
}
