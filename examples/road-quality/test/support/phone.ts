import { createLiveClient } from "@livecache/client";
import type { AnySubscription, LiveClient } from "@livecache/client";
import type { TokenAnswer } from "../../src/answers.ts";
import { createCity } from "../../src/city/city.ts";
import { alongLine, toPlace } from "../../src/city/geometry.ts";
import type { Place } from "../../src/city/geometry.ts";
import type { RoadContract } from "../../src/contract.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

/** Somebody with a token, as an app on a phone is. */
export interface Phone {
  readonly token: string;
  readonly client: LiveClient<RoadContract>;
  get<Answer>(path: string): Promise<Answer>;
  send(what: string, body?: unknown): Promise<Response>;
}

/** Signs one of the demonstration's people in by `POST /api/token`. The socket opens when something is wanted of it. */
export async function openPhone(url: string, personId: string): Promise<Phone> {
  const { email, password } = DEMO_PEOPLE.find(({ id }) => id === personId)!;
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/api/token`, {
    method: "POST",
    headers,
    body: JSON.stringify({ email, password }),
  });
  const { token } = (await response.json()) as TokenAnswer;
  const own = { authorization: `Bearer ${token}`, "user-agent": "mobile-app/1.0" };
  const client = createLiveClient<RoadContract>({
    url,
    headers: () => own,
    socket: { auth: () => ({ token }) },
  });
  return {
    token,
    client,
    get: async <Answer>(path: string) => (await (await fetch(url + path, { headers: own })).json()) as Answer,
    send(what, body) {
      const [method, path] = what.split(" ");
      return fetch(url + path, {
        method,
        headers: { ...own, ...(body !== undefined && headers) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    },
  };
}

/** Joins the city, and resolves when that is done: from then on whispers arrive. */
export async function joinCity(
  { client }: Phone,
  frame: (name: string, body: unknown) => void = () => undefined,
): Promise<AnySubscription> {
  return new Promise((resolve) => {
    const room = client.listen("city", {
      event: frame,
      frame,
      joined: () => queueMicrotask(() => resolve(room)),
    });
  });
}

/** The middle of a piece of road. */
export function middleOf(segmentId: string): Place {
  const { line, km } = createCity().segment(segmentId)!;
  return toPlace(alongLine(line, km / 2).spot);
}
