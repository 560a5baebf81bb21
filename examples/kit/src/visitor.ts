import type { DemoPerson } from "./application.ts";

/** Somebody who uses an application's API as a program would, with the cookies that signing in gave. */
export interface Visitor {
  readonly cookie: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends one request, such as `"POST /api/issues"`. */
  send(what: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/**
 * Signs one of the demonstration's people in, as the sign-in page does.
 *
 * @throws when that is refused, or nobody answers
 */
export async function visit(url: string, person: DemoPerson): Promise<Visitor> {
  const { email, password } = person;
  const response = await visitorWith(url, "").send("POST /api/session", { email, password });
  if (response.status !== 201) throw new Error(`${person.name} could not sign in: ${response.status}`);
  const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0]!);
  return visitorWith(url, cookies.join("; "));
}

/** Somebody with these cookies, or nobody in particular. */
export function visitorWith(url: string, cookie: string): Visitor {
  const send: Visitor["send"] = (what, body, headers = {}) => {
    const [method, path] = what.split(" ");
    return fetch(`${url}${path}`, {
      method,
      headers: {
        ...(cookie && { cookie }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  };
  return { cookie, send, get: (path, headers) => send(`GET ${path}`, undefined, headers) };
}
