import { WebSocket } from "ws";
import type { createArrivals, Row } from "./arrivals.ts";
import { hasPlace, isTick, readTick } from "./dialect.ts";
import type { Dialect } from "./dialect.ts";
import { openSocket } from "./open-socket.ts";
import { placeOf, readPacket } from "./packet.ts";

/** What a member is made with. */
export interface MemberSetting {
  readonly index: number;
  readonly dialect: Dialect;
  /** Its rooms; events of the first are counted. */
  readonly rooms: readonly string[];
  /** Whether it keeps what it needs to go on where it was cut off. */
  readonly resumes: boolean;
  /** Whether events say where their channel stands, and those that do not will come again. */
  readonly hasPlaces: boolean;
  /** Whether every number is kept, so that what comes late is told from what comes twice. */
  readonly tracks: boolean;
  readonly arrivals: Pick<ReturnType<typeof createArrivals>, "note">;
  /** Any frame from the server; of an event of the benchmark only its name, `tick`. */
  readonly onFrame?: (name: string, body?: unknown) => void;
}

/** One client: a bare WebSocket that speaks what its contestant's clients speak. */
export interface Member {
  /** Connects and enters its rooms. Rejects when it is turned away, or cut off meanwhile. */
  connect(port: number): Promise<void>;
  /** Asks the server something, and resolves with its answer. Socket.IO only. */
  ask(frame: string, request: object): Promise<Reply>;
  /** Stops reading, as a client whose process hangs. */
  stall(): void;
  isOpen(): boolean;
  /** Cuts the connection. */
  drop(): Promise<void>;
}

type Reply = Readonly<Record<string, unknown>>;

/** Makes a client that is not connected yet. */
export function createMember(setting: MemberSetting): Member {
  const { index, dialect, rooms, resumes, hasPlaces, arrivals, onFrame } = setting;
  const early = new Set<number>();
  const row: Row = setting.tracks ? { last: 0, early, seen: new Set() } : { last: 0, early };
  const asked = createQuestions();
  let lastTick: string | undefined;
  /** Where it stood when it entered its first room. */
  let entered: string | undefined;
  /** Names the session that Socket.IO may recover. */
  let pid: string | undefined;
  let socket: WebSocket | undefined;

  const isOpen = (): boolean => socket?.readyState === WebSocket.OPEN;
  const place = (): string | undefined => (lastTick === undefined ? entered : placeOf(lastTick, dialect));

  /** Never answered once the connection is cut: whoever connects notices that by itself. */
  async function ask(frame: string, request: object): Promise<Reply> {
    if (!isOpen()) throw new Error(`${frame}: the connection is cut`);
    return asked.put((id) => socket!.send(`42${id}${JSON.stringify([frame, request])}`));
  }

  async function enter(channel: string, isFirst: boolean): Promise<void> {
    const cursor = resumes && isFirst ? place() : undefined;
    if (!isOpen()) throw new Error("the connection is cut");
    if (dialect === "raw") {
      const request = JSON.stringify({ join: channel, ...(cursor ? { after: cursor } : {}) });
      await asked.put(() => socket!.send(request));
      return;
    }
    const isCursor = cursor?.includes("-") === true && pid === undefined;
    const reply = await ask("join", isCursor ? { channel, cursor } : { channel });
    if (reply["ok"] !== true) throw new Error(`join was refused: ${JSON.stringify(reply)}`);
    if (isFirst) entered = String(reply["cursor"]);
  }

  /** Answers what connecting has come to, if it has. */
  function onPacket(text: string): true | Error | undefined {
    if (dialect === "raw") return void asked.answer(undefined, {});
    const packet = readPacket(text);
    if (packet.type === "ping") socket!.send("3");
    if (packet.type === "open") {
      const session = pid === undefined ? {} : { pid, offset: place() };
      socket!.send(`40${JSON.stringify({ user: `user-${index}`, ...session })}`);
    }
    if (packet.type === "answer") asked.answer(packet.id, packet.body);
    if (packet.type === "frame") onFrame?.(packet.name, packet.body);
    if (packet.type === "refused") return new Error(`turned away: ${packet.why}`);
    if (packet.type !== "connected") return undefined;
    if (resumes) ({ pid } = packet);
    return true;
  }

  function onMessage(data: Buffer): true | Error | undefined {
    if (!isTick(data, dialect)) return onPacket(data.toString());
    arrivals.note(row, readTick(data, dialect), !hasPlaces || hasPlace(data));
    if (resumes) lastTick = data.toString();
    onFrame?.("tick");
    return undefined;
  }

  return {
    connect: (port) =>
      openSocket({
        port,
        dialect,
        onMessage,
        onMade: (made) => (socket = made),
        async enter() {
          for (const [number, channel] of rooms.entries()) await enter(channel, number === 0);
        },
      }),
    ask,
    stall: () => socket!.pause(),
    isOpen,
    async drop() {
      const dropping = socket;
      if (!dropping || dropping.readyState === WebSocket.CLOSED) return;
      const gone = new Promise((resolve) => dropping.once("close", resolve));
      dropping.terminate();
      await gone;
    },
  };
}

/** Questions that wait for their answers. Where answers have no number, they answer the oldest. */
function createQuestions() {
  const waiting = new Map<number, (reply: Reply) => void>();
  let lastId = 0;
  return {
    put(send: (id: number) => void): Promise<Reply> {
      const id = ++lastId;
      send(id);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    answer(id: number | undefined, reply: Reply): void {
      const oldest = id ?? waiting.keys().next().value;
      if (oldest === undefined) return;
      waiting.get(oldest)?.(reply);
      waiting.delete(oldest);
    },
  };
}
