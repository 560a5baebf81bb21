import { afterEach, expect, test, vi } from "vitest";
import type { SocketSource } from "../socket.ts";
import { TabSocket } from "./tab-socket.ts";

afterEach(() => vi.unstubAllGlobals());

/** Locks that are granted when the test says so. */
function stubLocks() {
  const waiting = new Map<string, () => void>();
  const request = (name: string, _options: object, granted: () => Promise<void>): Promise<void> =>
    new Promise((resolve) => waiting.set(name, () => void granted().then(resolve)));
  vi.stubGlobal("navigator", { locks: { request } });
  return (part: string): void => {
    for (const [name, grant] of waiting) if (name.includes(part)) grant();
  };
}

/** Everything that is said in a group. */
function overhear(group: string) {
  const said: { readonly kind: string; readonly from: string }[] = [];
  const radio = new BroadcastChannel(group);
  radio.addEventListener("message", ({ data }) => said.push(data as (typeof said)[number]));
  const heardAll = async (): Promise<void> => {
    const other = new BroadcastChannel(group);
    other.postMessage({ kind: "mark", from: "test" });
    await vi.waitFor(() => expect(said.some(({ kind }) => kind === "mark")).toBe(true));
    other.close();
  };
  return { said, radio, heardAll };
}

test("a tab greets the leader only when its own lock is held: before that it would be taken for dead, and what it watches given up", async () => {
  const grant = stubLocks();
  const { said, radio, heardAll } = overhear("tabs-of-test");
  const tab = new TabSocket({} as SocketSource, "tabs-of-test");
  tab.connect();
  await heardAll();
  expect(said.map(({ kind }) => kind)).toEqual(["mark"]);
  grant("tabs-of-test ");
  await vi.waitFor(() => expect(said.map(({ kind }) => kind)).toEqual(["mark", "hello"]));
  tab.disconnect();
  radio.close();
});
