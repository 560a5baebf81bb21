import { request } from "node:http";
import type { SeededRandom } from "../random.ts";
import { garbage } from "./garbage.ts";

/** Headers of a handshake that is let in, most of them with something odd. */
export function oddHeaders(random: SeededRandom, url: string): Record<string, string> {
  const odd = random.integer(6);
  if (odd === 0) return { origin: url };
  if (odd === 1)
    return { "x-forwarded-for": random.pick(["203.0.113.9", "::1, junk", ",,,", "[::", "x".repeat(500)]) };
  if (odd === 2) return { "sec-websocket-extensions": "permessage-deflate; client_max_window_bits" };
  if (odd === 3) return { "user-agent": "u".repeat(random.integer(2_000)) };
  return {};
}

/** What a client says as it introduces itself. */
export function oddAuth(random: SeededRandom): string {
  if (random.next() < 0.6) return JSON.stringify({ user: `u${random.integer(50)}` });
  return JSON.stringify(garbage(random)) ?? "";
}

/** Sends an HTTP request that is hardly a handshake, and waits for whatever comes. */
export function oddRequest(url: string, random: SeededRandom): Promise<void> {
  const query = random.pick([
    "",
    "EIO=4",
    "EIO=4&transport=polling",
    "EIO=3&transport=polling",
    "EIO=4&transport=websocket",
    "EIO=4&transport=constructor",
    "EIO=4&transport=__proto__",
    "EIO=4&transport=polling&sid=__proto__",
    "EIO=4&transport=polling&sid=hasOwnProperty",
    "EIO=4&transport=websocket&sid=x",
    "EIO=4&transport=polling&transport=websocket",
    `EIO=4&transport=polling&t=${"%00".repeat(50)}`,
  ]);
  const method = random.pick(["GET", "GET", "POST", "PUT", "OPTIONS", "DELETE"]);
  const headers: Record<string, string> = {
    ...(random.next() < 0.3 && { origin: random.pick(["null", "https://evil.example", url, "::::"]) }),
    ...(random.next() < 0.2 && { cookie: "sid=1; io=__proto__" }),
    ...(random.next() < 0.2 && { connection: "Upgrade", upgrade: random.pick(["websocket", "h2c", ""]) }),
    "content-type": random.pick(["text/plain", "application/octet-stream", "application/json"]),
  };
  return new Promise((resolve) => {
    const asked = request(`${url}/socket.io/?${query}`, { method, headers, timeout: 2_000 });
    const done = (): void => {
      asked.destroy();
      resolve();
    };
    asked.on("response", (response) => response.resume().on("end", done).on("error", done));
    asked.on("upgrade", done).on("error", done).on("timeout", done).on("close", resolve);
    asked.end(method === "GET" ? undefined : JSON.stringify(garbage(random)));
  });
}
