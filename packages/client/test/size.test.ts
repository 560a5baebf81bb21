import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import type { Rolldown } from "vite";
import { expect, onTestFinished, test } from "vitest";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../dist");

/** Bytes, gzipped, of what a page loads at first, and of what it may load later. */
interface Weight {
  readonly first: number;
  readonly later: number;
}

/** What a page weighs that consists of this code, beside Socket.IO, React and TanStack Query. */
async function weigh(code: string): Promise<Weight> {
  const folder = await mkdtemp(join(DIST, "page-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "page.js"), code);
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      // As a library, because a page would get Vite's own loader for what is loaded later.
      lib: { entry: join(folder, "page.js"), formats: ["es"] },
      rolldownOptions: {
        external: ["socket.io-client", "react", "@tanstack/react-query"],
        output: { minify: true },
      },
    },
  });
  const [bundle] = result as readonly Rolldown.RolldownOutput[];
  let [first, later] = [0, 0];
  for (const file of bundle!.output) {
    if (file.type !== "chunk") continue;
    const bytes = gzipSync(file.code).length;
    if (file.isEntry) first += bytes;
    else later += bytes;
  }
  return { first, later };
}

test("a page with live queries, channels and messages", async () => {
  const { first, later } = await weigh(`export { createLiveClient } from "../index.js";`);
  expect(first).toBeGreaterThan(4_000);
  expect(first).toBeLessThanOrEqual(7_450);
  // What reads bodies that a route pushes.
  expect(later).toBeGreaterThan(100);
  expect(later).toBeLessThanOrEqual(700);
});

test("everything that the client's entry has", async () => {
  const all = await weigh(`export * from "../index.js";`);
  const base = await weigh(`export { createLiveClient } from "../index.js";`);
  expect(all.first - base.first).toBeLessThanOrEqual(2_200);
});

test.each([
  ["all hooks, with what they share with the client", "react/index.js", 4_500],
  ["one socket for all tabs, with what it shares with the client", "tabs/index.js", 3_400],
  ["the bridge to TanStack Query", "tanstack/index.js", 800],
])("%s", async (_, entry, limit) => {
  const { first } = await weigh(`export * from "../${entry}";`);
  expect(first).toBeGreaterThan(300);
  expect(first).toBeLessThanOrEqual(limit);
});

test("a component that uses one hook does not pay for the others", async () => {
  const { first } = await weigh(`export { useLive } from "../react/index.js";`);
  expect(first).toBeLessThanOrEqual(900);
});
