import type { CostMeter } from "./cost.ts";

/** Why a question was not answered. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Asks the JSON interface. */
export interface Client {
  /** Rejects with {@link Refused}. */
  look<T>(path: string, signal?: AbortSignal): Promise<T>;
  act<T>(name: string, body: Readonly<Record<string, unknown>>): Promise<T>;
  readonly meter: CostMeter;
}

/** Makes a client of the interface below `api/`, next to the page. */
export function createClient(meter: CostMeter): Client {
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(`api/${path}`, init).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new Refused(0, undefined, "The server does not answer. Is it running, and is the network there?");
    });
    const text = await response.text();
    meter.note({ bytes: text.length, serverMs: serverMs(response) });
    if (response.ok) return parse(text) as T;
    throw refusal(response, text);
  }

  return {
    meter,
    look: (path, signal) => ask(path, signal ? { signal } : {}),
    act: (name, body) =>
      ask(name, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

function serverMs({ headers }: Response): number {
  return Number(/dur=([\d.]+)/.exec(headers.get("server-timing") ?? "")?.[1] ?? 0);
}

function refusal({ status }: Response, text: string): Refused {
  const { code, detail, title } = (parse(text) ?? {}) as Partial<Record<"code" | "detail" | "title", string>>;
  if (status === 401) return new Refused(status, code, "You are not signed in as an operator any more.");
  return new Refused(status, code, detail ?? title ?? `The server answered with status ${status}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
