import { expect, onTestFinished, test, vi } from "vitest";
import { ManualClock, settle } from "../test/manual-clock.ts";
import { QUICK } from "../test/rig.ts";
import type { ClientParts } from "./client-parts.ts";
import type { ConnectionUser } from "./connection.ts";
import { createLaterCode } from "./later-code.ts";

/** Code that is loaded as `load` does, for a client that is offline at first. */
function codeOf(load: () => Promise<string>) {
  const clock = new ManualClock(0.5);
  const users: ConnectionUser[] = [];
  const connection = { isOnline: false, addUser: (user: ConnectionUser) => users.push(user) };
  const code = createLaterCode({ connection, clock, timing: QUICK } as unknown as ClientParts, load);
  const used: unknown[] = [];
  return {
    clock,
    code,
    used,
    use: (name: string) => code.use((module) => used.push([name, module])),
    async goOnline(): Promise<void> {
      connection.isOnline = true;
      for (const user of users) user.online?.(false);
      await settle();
    },
  };
}

test("it is loaded once, when it is needed and the client is online, and used in order", async () => {
  const load = vi.fn(async () => "code");
  const { use, used, goOnline } = codeOf(load);
  await goOnline();
  expect(load).not.toHaveBeenCalled();
  use("a");
  use("b");
  await settle();
  use("c");
  expect(used).toEqual([
    ["a", "code"],
    ["b", "code"],
    ["c", "code"],
  ]);
  expect(load).toHaveBeenCalledOnce();
});

test("offline nothing is loaded: a browser might never try again", async () => {
  const load = vi.fn(async () => "code");
  const { use, used, goOnline } = codeOf(load);
  use("a");
  await settle();
  expect(load).not.toHaveBeenCalled();
  await goOnline();
  expect(used).toEqual([["a", "code"]]);
});

test("a failure is reported, and loading is tried again after a pause", async () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  onTestFinished(() => void vi.unstubAllGlobals());
  const broken = new Error("no such file");
  const load = vi.fn(async () => "code").mockRejectedValueOnce(broken);
  const { use, used, clock, goOnline } = codeOf(load);
  await goOnline();
  use("a");
  await settle();
  expect(report).toHaveBeenCalledExactlyOnceWith(broken);
  use("b");
  await clock.advance(10_000);
  expect(used).toEqual([
    ["a", "code"],
    ["b", "code"],
  ]);
  expect(load).toHaveBeenCalledTimes(2);
});

test("whoever still waits when the client is closed is told so, and no timer is left", async () => {
  vi.stubGlobal("reportError", () => {});
  onTestFinished(() => void vi.unstubAllGlobals());
  const { use, used, code, clock, goOnline } = codeOf(() => Promise.reject(new Error("never")));
  await goOnline();
  use("a");
  await settle();
  expect(clock.pending).toBe(1);
  code.close();
  expect(used).toEqual([["a", undefined]]);
  expect(clock.pending).toBe(0);
});
