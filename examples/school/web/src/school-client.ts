import { createLiveClient } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import type { SessionAnswer } from "../../src/answers.ts";

/** Renews the page's token, and answers what identifies its socket; nothing when nobody is signed in any more. */
async function renew(): Promise<string | undefined> {
  const response = await fetch("/api/session/renewal", { method: "POST" });
  if (response.status === 401) return undefined;
  if (!response.ok) throw new Error(`The token could not be renewed: ${response.status}.`);
  return ((await response.json()) as SessionAnswer).socketToken;
}

/**
 * A live client whose token lasts a quarter of an hour: it is renewed before each connection and before it runs out, and by the first request
 * that finds it run out, as after a night with the lid closed.
 */
export function createSchoolClient(): LiveClient {
  return createLiveClient({
    socket: {
      async auth() {
        const token = await renew();
        return token === undefined ? {} : { token };
      },
    },
    async fetch(input, init) {
      const response = await fetch(input, init);
      const isOver = response.status === 401 && (await renew()) !== undefined;
      return isOver ? fetch(input, init) : response;
    },
  });
}
