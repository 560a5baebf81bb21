import type { IncomingMessage, ServerResponse } from "node:http";
import type { createClient } from "redis";
import { createSiteOrigin } from "./site-origin.ts";

const KEY = "cache:item";
const TTL_S = 3_600;

/** The cached `GET /item` that tutorials write beside Socket.IO: GET, else load and SETEX; DEL after a write. */
export function createHandMadeCache(
  client: Pick<ReturnType<typeof createClient>, "get" | "setEx" | "del">,
  loadMs: number,
) {
  const origin = createSiteOrigin(loadMs);

  async function read(): Promise<string> {
    const found = await client.get(KEY);
    if (found !== null) return String(found);
    const text = JSON.stringify(await origin.load());
    await client.setEx(KEY, TTL_S, text);
    return text;
  }

  return {
    loads: origin.loads,
    answer(_request: IncomingMessage, response: ServerResponse): void {
      read().then(
        (text) => response.setHeader("content-type", "application/json").end(text),
        () => response.writeHead(500).end(),
      );
    },
    async forget(tags: readonly string[]): Promise<void> {
      if (tags.includes("item")) await client.del(KEY);
    },
  };
}
