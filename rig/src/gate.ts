import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What a gate does to the bytes that come through it. */
type Mode = "pass" | "hang" | "hang-replies" | "cut";

/** A TCP proxy that can misbehave on request. */
export interface Gate {
  readonly port: number;
  /** Lets everything through. What was swallowed stays lost. */
  pass(): void;
  /** Half-open: connections stay, and bytes of both directions are swallowed. */
  hang(): void;
  /** Commands arrive and take effect; their replies are swallowed. */
  hangReplies(): void;
  /** Resets every connection and refuses new ones. */
  cut(): void;
  /** Holds every byte back for so long, in both directions. */
  delay(ms: number): void;
  /** Ends it with all its connections. Idempotent. */
  close(): Promise<void>;
}

/** Opens a gate in front of a port of the loopback address. */
export function openGate(targetPort: number): Promise<Gate> {
  let mode: Mode = "pass";
  let delayMs = 0;
  const sockets = new Set<Socket>();

  function pipe(from: Socket, to: Socket, swallows: (mode: Mode) => boolean): void {
    sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on("data", (chunk) => {
      if (swallows(mode)) return;
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), delayMs);
    });
  }

  const server = createServer((client) => {
    if (mode === "cut") return void client.resetAndDestroy();
    const target = connect(targetPort, "127.0.0.1");
    pipe(client, target, (now) => now === "hang");
    pipe(target, client, (now) => now === "hang" || now === "hang-replies");
  });

  const resetAll = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        pass() {
          mode = "pass";
          delayMs = 0;
        },
        hang: () => void (mode = "hang"),
        hangReplies: () => void (mode = "hang-replies"),
        cut() {
          mode = "cut";
          resetAll();
        },
        delay: (ms) => void (delayMs = ms),
        close() {
          resetAll();
          return new Promise((done) => server.close(() => done()));
        },
      }),
    );
  });
}
