import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on the loopback address, and answers the port. */
export function listening(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ port, host: "127.0.0.1", backlog: 4_096 }, () => {
      resolve((http.address() as AddressInfo).port);
    });
  });
}
