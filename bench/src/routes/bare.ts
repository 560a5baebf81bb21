import { createServer } from "node:http";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

/** The floor: node:http with a body and headers that were made beforehand. */
export async function openBare({ load }: RouteSetting): Promise<OpenRoute> {
  const body = Buffer.from(JSON.stringify(await load()));
  const headers = { "content-type": "application/json; charset=utf-8", "content-length": body.length };
  return listening(
    createServer((_request, response) => {
      response.writeHead(200, headers);
      response.end(body);
    }),
  );
}
