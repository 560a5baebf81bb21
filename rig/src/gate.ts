import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What a gate does to the bytes that come through it. */
type Mode = "pass" | "hang" | "hang-replies" | "hang-new" | "cut";

/** A TCP proxy that can misbehave on request. */
export interface Gate {
  /** The address of a Redis behind the gate. */
  readonly url: string;
  readonly port: number;
  /** Lets everything through. A connection of which bytes were swallowed is reset: no network continues after a hole. */
  pass(): void;
  /** Half-open: connections stay, and bytes of both directions are swallowed. */
  hang(): void;
  /** Connections that exist go on; new ones are taken, and everything on them is swallowed. */
  hangNew(): void;
  /** Commands arrive and take effect; their replies are swallowed. */
  hangReplies(): void;
  /**
   * One command takes effect, and its reply is lost with its connection; everything else passes. It is the command behind the next
   * `after` ones, by default the next; only those count that contain `text`. What is sent in one piece counts as one command.
   * Resolves when it has happened. A later call takes the place of one that still waits; `pass` calls it off.
   */
  dropReplies(after?: number, text?: string): Promise<void>;
  /** Resets every connection, and each new one at once. */
  cut(): void;
  /** Holds every byte back for so long, in both directions. */
  delay(ms: number): void;
  /** Lets so many bytes a second through in each direction, all connections together; who sends more has to wait. */
  throttle(bytesPerSecond: number): void;
  /** Ends it with all its connections. Idempotent. */
  close(): Promise<void>;
}

/** One direction of all connections. */
interface Direction {
  /** When a throttled line has room again. */
  freeAt: number;
}

/** A reply that is to be lost. */
interface Drop {
  left: number;
  readonly text: string;
  readonly onDone: () => void;
}

/** What all connections of a gate share. */
interface GateState {
  mode: Mode;
  delayMs: number;
  bytesPerSecond: number;
  drop: Drop | undefined;
  readonly sockets: Set<Socket>;
  readonly damaged: Set<Socket>;
}

/** A throttled gate takes no more from a connection while so much of it waits. */
const MOST_WAITING_BYTES = 64 * 1024;
/** How long a piece of a throttled line takes. */
const PIECE_MS = 20;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Opens a gate in front of a port of the loopback address; a function says for each connection which port that is. */
export function openGate(target: number | (() => number)): Promise<Gate> {
  const targetPort = typeof target === "function" ? target : () => target;
  const [sockets, damaged] = [new Set<Socket>(), new Set<Socket>()];
  const state: GateState = {
    ...{ mode: "pass", delayMs: 0, bytesPerSecond: Infinity, drop: undefined },
    ...{ sockets, damaged },
  };
  const [there, back]: Direction[] = [{ freeAt: 0 }, { freeAt: 0 }];

  const server = createServer((client) => {
    if (state.mode === "cut") {
      client.resetAndDestroy();
      return;
    }
    const isHole = state.mode === "hang-new";
    const far = connect(targetPort(), "127.0.0.1");
    const join = { state, client, far, dropped: undefined };
    pipe({
      from: client,
      to: far,
      state,
      line: there!,
      isSwallowed: (chunk) => isHole || isKept(join, chunk),
    });
    pipe({ from: far, to: client, state, line: back!, isSwallowed: () => isHole || isLost(join) });
  });

  const gate = (port: number): Gate => ({
    url: `redis://127.0.0.1:${port}`,
    port,
    pass() {
      state.mode = "pass";
      state.delayMs = 0;
      state.bytesPerSecond = Infinity;
      state.drop = undefined;
      there!.freeAt = back!.freeAt = 0;
      reset(damaged);
    },
    hang: () => void (state.mode = "hang"),
    hangNew: () => void (state.mode = "hang-new"),
    hangReplies: () => void (state.mode = "hang-replies"),
    dropReplies: (after = 0, text = "") =>
      new Promise((onDone) => {
        state.drop = { left: after, text, onDone };
      }),
    cut() {
      state.mode = "cut";
      reset(sockets);
    },
    delay: (ms) => void (state.delayMs = ms),
    throttle: (bytesPerSecond) => void (state.bytesPerSecond = bytesPerSecond),
    close() {
      reset(sockets);
      return new Promise((done) => server.close(() => done()));
    },
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(gate((server.address() as AddressInfo).port)));
  });
}

function reset(which: Set<Socket>): void {
  for (const socket of which) socket.resetAndDestroy();
}

/** Both ends of a connection, and the reply that it is to lose. */
interface Join {
  readonly state: GateState;
  readonly client: Socket;
  readonly far: Socket;
  dropped: Drop | undefined;
}

/** Whether a command does not arrive; also finds the one whose reply is to be lost. */
function isKept(join: Join, chunk: Buffer): boolean {
  const { state } = join;
  if (state.mode === "hang") return true;
  const { drop } = state;
  if (drop && chunk.includes(drop.text) && drop.left-- === 0) {
    state.drop = undefined;
    join.dropped = drop;
  }
  return false;
}

/** Whether a reply does not arrive. */
function isLost({ state, client, far, dropped }: Join): boolean {
  if (dropped) {
    client.resetAndDestroy();
    far.resetAndDestroy();
    dropped.onDone();
    return true;
  }
  return state.mode === "hang" || state.mode === "hang-replies";
}

interface Pipe {
  readonly from: Socket;
  readonly to: Socket;
  readonly state: GateState;
  readonly line: Direction;
  readonly isSwallowed: (chunk: Buffer) => boolean;
}

/** Carries bytes in one direction. */
function pipe({ from, to, state, line, isSwallowed }: Pipe): void {
  const { sockets, damaged } = state;
  sockets.add(from);
  from.on("error", () => to.destroy());
  from.on("close", () => {
    sockets.delete(from);
    damaged.delete(from);
    to.destroy();
  });
  // One after the other, so that bytes keep their order when the delay changes.
  let passed = Promise.resolve();
  let waiting = 0;
  from.on("data", (chunk) => {
    if (isSwallowed(chunk)) {
      damaged.add(from);
      return;
    }
    const due = state.delayMs === 0 ? undefined : pause(state.delayMs);
    waiting += chunk.length;
    if (waiting > MOST_WAITING_BYTES && state.bytesPerSecond < Infinity) from.pause();
    passed = Promise.all([passed, due])
      .then(() => send({ to, state, line }, chunk))
      .then(() => {
        waiting -= chunk.length;
        if (waiting <= MOST_WAITING_BYTES) from.resume();
      });
  });
}

/** Writes a chunk; on a throttled line piece by piece, each when there is room for it. */
async function send({ to, state, line }: Pick<Pipe, "to" | "state" | "line">, chunk: Buffer): Promise<void> {
  let rest = chunk;
  while (state.bytesPerSecond < Infinity && rest.length > 0 && !to.destroyed) {
    const piece = rest.subarray(0, Math.max(1, Math.floor((state.bytesPerSecond * PIECE_MS) / 1_000)));
    rest = rest.subarray(piece.length);
    line.freeAt = Math.max(line.freeAt, performance.now()) + (piece.length / state.bytesPerSecond) * 1_000;
    await pause(line.freeAt - performance.now());
    to.write(piece);
  }
  if (rest.length > 0) to.write(rest);
}
