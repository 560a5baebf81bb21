import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import { openServer } from "../src/server.ts";
import type { RunningServer } from "../src/server.ts";

/** What was mailed: addresses and codes. */
export type Mail = readonly (readonly [email: string, code: string])[];

/** A node of the example; it ends with the test. */
export async function openNode(redisUrl?: string): Promise<RunningServer & { readonly mail: Mail }> {
  const mail: [string, string][] = [];
  const server = await openServer({
    port: 0,
    redisUrl,
    secret: "a-secret-of-these-tests-for-cookies",
    tokenSecret: "a-secret-of-these-tests-for-tokens",
    mail: (...sent) => void mail.push(sent),
  });
  onTestFinished(server.close);
  return { ...server, mail };
}

/** A browser, or a program with a token: what it was given it sends along to whichever node it asks. */
export interface Visitor {
  cookie: string | undefined;
  token: string | undefined;
  /** `asked`: method and path, `"GET /school/me"`. */
  ask(node: RunningServer, asked: string, body?: unknown): Promise<Response>;
  /** Opens a socket; resolves when it is connected. */
  connect(node: RunningServer): Promise<Socket>;
}

export function createVisitor(): Visitor {
  return {
    cookie: undefined,
    token: undefined,
    async ask({ url }, asked, body) {
      const [method = "", path = ""] = asked.split(" ");
      const response = await fetch(url + path, {
        method,
        headers: {
          "content-type": "application/json",
          ...(this.cookie && { cookie: this.cookie }),
          ...(this.token && { authorization: `Bearer ${this.token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const [set] = response.headers.getSetCookie();
      if (set) this.cookie = set.split(";", 1)[0];
      return response;
    },
    async connect({ url }) {
      const socket = io(url, {
        transports: ["websocket"],
        reconnection: false,
        ...(this.token && { auth: { token: this.token } }),
        ...(this.cookie && { extraHeaders: { cookie: this.cookie, origin: url } }),
      });
      onTestFinished(() => void socket.close());
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return socket;
    },
  };
}
