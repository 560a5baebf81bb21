import type { ProblemAnswer } from "../src/problem.ts";

/** What the server, or the lack of one, said against a request. */
export class Refusal extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What is wrong with which field of a form. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** What to send where. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Sends JSON and reads JSON.
 *
 * @throws Refusal with words fit to be shown
 */
export async function send<Answer>(fetch: Fetch, { method, path, body }: Outgoing): Promise<Answer> {
  const response = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  }).catch(() => {
    throw new Refusal(0, "The server cannot be reached. Nothing was sent; please try again.");
  });
  if (response.ok) return (await response.json()) as Answer;
  const problem = (await response.json().catch(() => undefined)) as Partial<ProblemAnswer> | undefined;
  throw new Refusal(
    response.status,
    problem?.detail ?? `The server answered ${response.status}.`,
    problem?.fields,
  );
}
