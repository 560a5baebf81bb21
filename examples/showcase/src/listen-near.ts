import type { Server } from "node:http";
import { listen, urlOf } from "example-kit/listen";

/** Listens on a port, or on any free one where that is taken or none was asked for (0). Answers the port. */
export async function listenNear(http: Server, port: number): Promise<number> {
  try {
    await listen(http, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    await listen(http, 0);
  }
  return Number(new URL(urlOf(http)).port);
}

/**
 * Listens on this port and no other.
 *
 * @throws in words fit to be shown when the port is taken
 */
export async function listenOn(http: Server, port: number): Promise<number> {
  try {
    await listen(http, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Error(
      `Port ${port} is in use by another program. Stop it, or choose another: PORT=4000 npm start`,
      {
        cause: error,
      },
    );
  }
  return Number(new URL(urlOf(http)).port);
}
