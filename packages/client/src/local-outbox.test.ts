import { expect, test, vi } from "vitest";
import { localOutbox } from "./local-outbox.ts";

function message(id: string) {
  return { id, channel: "room/1", name: "say", data: { id } };
}

async function kept(name: string): Promise<unknown[]> {
  const found: unknown[] = [];
  await localOutbox(name).open((each) => void found.push(each));
  return found;
}

/** As much of a browser's storage as is used: its own keys are what is stored. */
class Shelf {
  [key: string]: unknown;
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  getItem(key: string): unknown {
    return this[key] ?? null;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

test("messages are kept in their order, by person, until they are deleted", async () => {
  vi.stubGlobal("localStorage", new Shelf());
  const outbox = localOutbox("asha");
  for (const id of ["m3", "m1", "m2"]) outbox.put(message(id));
  localOutbox("tom").put(message("m9"));
  outbox.delete("m1");
  expect(await kept("asha")).toEqual([message("m3"), message("m2")]);
  vi.unstubAllGlobals();
});

test("where a browser forbids it, or there is none, nothing is kept and nothing fails", async () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new Error("SecurityError");
    },
  });
  const outbox = localOutbox("asha");
  outbox.put(message("m1"));
  outbox.delete("m1");
  expect(await kept("asha")).toEqual([]);
  Reflect.deleteProperty(globalThis, "localStorage");
});
