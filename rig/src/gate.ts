import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What a gate does to the bytes that come through it. */
type Mode = "pass" | "hang" | "hang-replies" | "cut";

/** A TCP proxy that can misbehave on request. */
export interface Gate {
  /** The address of a Redis behind the gate. */
  readonly url: string;
  readonly port: number;
  /** Lets everything through. A connection of which bytes were swallowed is reset: no network continues after a hole. */
  pass(): void;
  /** Half-open: connections stay, and bytes of both directions are swallowed. */
  hang(): void;
  /** Commands arrive and take effect; their replies are swallowed. */
  hangReplies(): void;
  /** Resets every connection, and each new one at once. */
  cut(): void;
  /** Holds every byte back for so long, in both directions. */
  delay(ms: number): void;
  /** Ends it with all its connections. Idempotent. */
  close(): Promise<void>;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Opens a gate in front of a port of the loopback address; a function says for each connection which port that is. */
export function openGate(target: number | (() => number)): Promise<Gate> {
  const targetPort = typeof target === "function" ? target : () => target;
  let mode: Mode = "pass";
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const damaged = new Set<Socket>();

  function pipe(from: Socket, to: Socket, isSwallowed: () => boolean): void {
    sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      damaged.delete(from);
      to.destroy();
    });
    // One after the other, so that bytes keep their order when the delay changes.
    let passed = Promise.resolve();
    from.on("data", (chunk) => {
      if (isSwallowed()) {
        damaged.add(from);
        return;
      }
      const due = delayMs === 0 ? undefined : pause(delayMs);
      passed = Promise.all([passed, due]).then(() => void to.write(chunk));
    });
  }

  const server = createServer((client) => {
    if (mode === "cut") {
      client.resetAndDestroy();
      return;
    }
    const far = connect(targetPort(), "127.0.0.1");
    pipe(client, far, () => mode === "hang");
    pipe(far, client, () => mode === "hang" || mode === "hang-replies");
  });

  function reset(which: Set<Socket>): void {
    for (const socket of which) socket.resetAndDestroy();
  }

  const gate = (port: number): Gate => ({
    url: `redis://127.0.0.1:${port}`,
    port,
    pass() {
      mode = "pass";
      delayMs = 0;
      reset(damaged);
    },
    hang: () => void (mode = "hang"),
    hangReplies: () => void (mode = "hang-replies"),
    cut() {
      mode = "cut";
      reset(sockets);
    },
    delay: (ms) => void (delayMs = ms),
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
