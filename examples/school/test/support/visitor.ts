import { createLiveClient } from "@livecache/client";
import { demoOf } from "example-kit/testing/demo.ts";
import type { Visitor } from "example-kit/visitor";
import { onTestFinished, vi } from "vitest";
import type { SchoolContract } from "../../src/contract.ts";
import { application } from "../../src/application.ts";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

export const { startHere, visit } = demoOf(application, DEMO_PEOPLE);

/** What a path answers somebody. */
export async function read<Answer>(visitor: Visitor, path: string): Promise<Answer> {
  return (await (await visitor.get(path)).json()) as Answer;
}

/** A page of somebody, as far as its connection goes. */
export function liveClientOf(url: string, { cookie }: Visitor) {
  const client = createLiveClient<SchoolContract>({ url, headers: () => ({ cookie, origin: url }) });
  onTestFinished(() => client.close());
  return client;
}

/** Waits until a check passes; a busy machine may take its time. */
export function soon<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000 });
}
