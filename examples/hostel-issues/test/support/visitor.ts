import { DEMO_PEOPLE } from "../../src/demo-people.ts";

/** Somebody who uses the API over HTTP, with the cookie that signing in gave. */
export interface TestVisitor {
  readonly cookie: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends one request, such as `"POST /api/issues"`. */
  send(what: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Signs one of the demonstration's people in, by the id they have in `demo-people.ts`. */
export async function visit(url: string, personId: string): Promise<TestVisitor> {
  const { email, password } = DEMO_PEOPLE.find(({ id }) => id === personId)!;
  const response = await visitorWith(url, "").send("POST /api/session", { email, password });
  if (response.status !== 201) throw new Error(`${personId} could not sign in: ${response.status}`);
  return visitorWith(url, response.headers.getSetCookie()[0]!.split(";")[0]!);
}

/** Somebody with this cookie, or nobody in particular. */
export function visitorWith(url: string, cookie: string): TestVisitor {
  const send: TestVisitor["send"] = (what, body, headers = {}) => {
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

/** An issue as somebody would report it in Aspen House, or elsewhere. */
export function anIssue(title: string, hostelId = "aspen") {
  return { hostelId, title, place: "Kitchen", category: "plumbing", description: "", priority: "normal" };
}
