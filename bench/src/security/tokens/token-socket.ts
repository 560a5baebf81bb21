import { machineNowMs } from "../../node/follower.ts";
import { WebSocket } from "ws";

/** A client that shows a token and then waits. */
export interface TokenSocket {
  /** When it was closed, by the clock that all processes of a machine share. Rejects when it is not within 10 s. */
  closedAtMs(): Promise<number>;
  end(): void;
}

const PATIENCE_MS = 10_000;

/** Connects with a token, and resolves when the server has accepted it. `isRaw` leaves out what Socket.IO needs. */
export async function openTokenSocket(port: number, jti: string, isRaw: boolean): Promise<TokenSocket> {
  const path = isRaw ? "/" : "/socket.io/?EIO=4&transport=websocket";
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
  const closed = new Promise<number>((resolve) => socket.once("close", () => resolve(machineNowMs())));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => socket.send(isRaw ? jti : `40${JSON.stringify({ token: jti })}`));
    socket.on("message", (data) => {
      const text = String(data);
      if (text.startsWith("44")) reject(new Error(`turned away: ${text.slice(2, 200)}`));
      else if (text.startsWith("40")) resolve();
      else if (text === "2") socket.send("3");
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("cut off while it connected")));
  });
  return {
    async closedAtMs() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`a socket was open ${PATIENCE_MS} ms after its token was revoked`)),
          PATIENCE_MS,
        );
      });
      return Promise.race([closed, late]).finally(() => clearTimeout(timer));
    },
    end: () => socket.terminate(),
  };
}
