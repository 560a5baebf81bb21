import { createLiveClient } from "@livecache/client";
import { io as connect } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { openGate } from "../gate.ts";
import type { Gate } from "../gate.ts";
import { until } from "../until.ts";
import { serveRooms } from "./by-hand.ts";
import { serveOurs } from "./our-node.ts";
import type { Issue } from "./our-node.ts";
import type { Site } from "./site.ts";
import type { Outcome, TutorialCase } from "./tutorial-case.ts";

const WITHIN_MS = 10_000;

/** A stock client, of a student who lives in Aspen. */
function openClient(site: Site, url: string): Socket {
  const auth = { user: "asha", hostel: "aspen" };
  const socket = connect(url, { auth, forceNew: true, reconnectionDelay: 100, transports: ["websocket"] });
  site.defer(() => socket.disconnect());
  return socket;
}

/** Everything of a name that a client has heard so far. */
function hear(socket: Socket, name: string): unknown[] {
  const heard: unknown[] = [];
  socket.on(name, (body: unknown) => heard.push(body ?? null));
  return heard;
}

/** A student of Aspen asks for the room of Birch. */
async function foreignRoomByHand(site: Site): Promise<Outcome> {
  const { io, url } = await serveRooms(site);
  const socket = openClient(site, url);
  const [issues, ends] = [hear(socket, "new_issue"), hear(socket, "end")];
  socket.emit("join_hostel", "birch");
  const isIn = (): boolean => io.sockets.adapter.rooms.has("birch");
  await until(isIn, { what: "the server has read the frame", withinMs: WITHIN_MS });
  io.to("birch").emit("new_issue", { id: 1 });
  io.emit("end");
  await until(() => ends.length > 0, { what: "the client has heard everything", withinMs: WITHIN_MS });
  return overheard(issues, "the join was not judged");
}

async function foreignRoomOurs(site: Site): Promise<Outcome> {
  const { live, io, url } = await serveOurs(site);
  const socket = openClient(site, url);
  const [issues, ends] = [hear(socket, "new_issue"), hear(socket, "end")];
  const reply = (await socket.emitWithAck("join", { channel: "hostel/birch" })) as { code?: string };
  const own = (await socket.emitWithAck("join", { channel: "hostel/aspen" })) as { ok: boolean };
  if (!own.ok) throw new Error(`the own room was refused: ${JSON.stringify(own)}`);
  await live.publish("hostel/:hostelId", { hostelId: "birch" }, "new_issue", { id: 1 });
  // What is published after it has been heard, so it has been told to all who may hear it.
  await live.publish("hostel/:hostelId", { hostelId: "aspen" }, "new_issue", { id: 2 });
  await until(() => issues.length > 0, { what: "the own room is heard", withinMs: WITHIN_MS });
  io.emit("end");
  await until(() => ends.length > 0, { what: "the client has heard everything", withinMs: WITHIN_MS });
  const foreign = issues.filter((issue) => (issue as Issue).id === 1);
  return overheard(foreign, `the join was answered ${reply.code ?? "ok"}`);
}

function overheard(issues: readonly unknown[], how: string): Outcome {
  return {
    isFailed: issues.length > 0,
    told: `${issues.length} of 1 events of a foreign room heard; ${how}`,
  };
}

/** Three events: before, during and after a short cut. */
interface Listener {
  readonly heard: readonly unknown[];
  isOnline(): boolean;
  publish(id: number): Promise<unknown>;
  /** Resolves when everything that was published has been heard, or will not be. */
  settle(): Promise<unknown>;
}

async function shortCut(gate: Gate, { heard, isOnline, publish, settle }: Listener): Promise<Outcome> {
  await publish(1);
  await until(() => heard.length === 1, { what: "the first event is heard", withinMs: WITHIN_MS });
  gate.cut();
  await until(() => !isOnline(), { what: "the connection is lost", withinMs: WITHIN_MS });
  await publish(2);
  gate.pass();
  await until(isOnline, { what: "the connection is back", withinMs: WITHIN_MS });
  await publish(3);
  await settle();
  return { isFailed: heard.join() !== "1,2,3", told: `of the events 1, 2, 3 it heard ${heard.join(", ")}` };
}

async function openGateTo(site: Site, url: string): Promise<{ readonly gate: Gate; readonly at: string }> {
  const gate = await openGate(Number(new URL(url).port));
  site.defer(() => gate.close());
  return { gate, at: `http://127.0.0.1:${gate.port}` };
}

async function cutByHand(site: Site): Promise<Outcome> {
  const { io, url } = await serveRooms(site);
  const { gate, at } = await openGateTo(site, url);
  const socket = openClient(site, at);
  const heard: number[] = [];
  const ends = hear(socket, "end");
  socket.on("new_issue", (issue: Issue) => heard.push(issue.id));
  // Once, when the component mounts.
  socket.emit("join_hostel", "aspen");
  const isIn = (): boolean => io.sockets.adapter.rooms.has("aspen");
  await until(isIn, { what: "the client is in its room", withinMs: WITHIN_MS });
  return shortCut(gate, {
    heard,
    isOnline: () => socket.connected,
    publish: async (id) => io.to("aspen").emit("new_issue", { id }),
    settle() {
      io.emit("end");
      return until(() => ends.length > 0, { what: "the last frame is heard", withinMs: WITHIN_MS });
    },
  });
}

async function cutOurs(site: Site): Promise<Outcome> {
  const { live, url } = await serveOurs(site);
  const { gate, at } = await openGateTo(site, url);
  const client = createLiveClient({
    url: at,
    socket: { auth: () => ({ user: "asha", hostel: "aspen" }) },
    timing: { retryMinMs: 100, retryMaxMs: 1_000 },
  });
  site.defer(() => client.close());
  const heard: number[] = [];
  let isIn = false;
  client.listen("hostel/aspen", {
    event: (_name, body) => void heard.push((body as Issue).id),
    joined: () => void (isIn = true),
    lost: () => void (isIn = false),
  });
  await until(() => isIn, { what: "the client is in its channel", withinMs: WITHIN_MS });
  return shortCut(gate, {
    heard,
    isOnline: () => isIn,
    publish: (id) => live.publish("hostel/:hostelId", { hostelId: "aspen" }, "new_issue", { id }),
    settle: () => until(() => heard.includes(3), { what: "the last event is heard", withinMs: WITHIN_MS }),
  });
}

/** What becomes of rooms and events. */
export const SOCKET_CASES: readonly TutorialCase[] = [
  {
    name: "foreign-room",
    fault: "a client joins the room of another hostel and hears its events",
    guarantee: "Channels",
    byHand: foreignRoomByHand,
    ours: foreignRoomOurs,
  },
  {
    name: "short-cut",
    fault: "an event that is sent during a short disconnect is missed, and nobody is told",
    guarantee: "G4",
    byHand: cutByHand,
    ours: cutOurs,
  },
];
