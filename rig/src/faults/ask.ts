import { Agent, request } from "node:http";
import { machineMs } from "../machine-ms.ts";
import type { Place } from "./site.ts";

/** What a node answered. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The process that answered. */
  readonly node: string;
  readonly callMs: number;
  readonly returnMs: number;
}

/** A request that was not answered: nobody knows whether it did anything. */
export interface NoAnswer {
  readonly status: 0;
  readonly cause: string;
  readonly callMs: number;
  readonly returnMs: number;
}

/** Asks nodes over HTTP. */
export interface Asker {
  ask(place: Place, line: string, headers?: Readonly<Record<string, string>>): Promise<Answer | NoAnswer>;
  /** Requests that a node has not answered yet. */
  inFlight(place: Place): number;
  close(): void;
}

/** Longest that an answer is waited for. */
const PATIENCE_MS = 6_000;

/** Makes it. `line` is the method and the path: `"GET /rows/r1"`. */
export function createAsker(): Asker {
  const agents = new Map<number, Agent>();
  const flying = new Map<Place, number>();
  const agentOf = ({ port }: Place): Agent => {
    const known = agents.get(port) ?? new Agent({ keepAlive: true, maxSockets: 200 });
    agents.set(port, known);
    return known;
  };

  function send(
    place: Place,
    line: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Omit<Answer, "callMs" | "returnMs"> | string> {
    const [method, path] = line.split(" ");
    const { port } = place;
    return new Promise((resolve) => {
      const options = { host: "127.0.0.1", port, method, path, headers, agent: agentOf(place) };
      const sent = request({ ...options, timeout: PATIENCE_MS }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("error", (error) => resolve(error.message));
        response.on("end", () => {
          const node = String(response.headers["x-node"]);
          resolve({ status: response.statusCode!, body: read(text), headers: response.headers, node });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`silent for ${PATIENCE_MS} ms`)));
      sent.on("error", (error) => resolve(error.message));
      sent.on("close", () => resolve("closed"));
      sent.end();
    });
  }

  return {
    async ask(place, line, headers = {}) {
      flying.set(place, (flying.get(place) ?? 0) + 1);
      const callMs = machineMs();
      try {
        const answer = await send(place, line, headers);
        const returnMs = machineMs();
        if (typeof answer === "string") return { status: 0, cause: answer, callMs, returnMs };
        return { ...answer, callMs, returnMs };
      } finally {
        flying.set(place, flying.get(place)! - 1);
      }
    },
    inFlight: (place) => flying.get(place) ?? 0,
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function read(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
