import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Begins to listen, and answers where. */
export async function listen(http: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, resolve);
  });
  return urlOf(http);
}

/** Where a server listens, as this machine reaches it. */
export function urlOf(http: Server): string {
  return `http://localhost:${(http.address() as AddressInfo).port}`;
}
