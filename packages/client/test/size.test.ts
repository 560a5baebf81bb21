import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import type { Rolldown } from "vite";
import { expect, onTestFinished, test } from "vitest";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../dist");

/** Bytes, gzipped, of what a page loads at first, and of each file that it may load later, by the beginning of its name. */
interface Weight {
  readonly first: number;
  readonly later: Readonly<Record<string, number>>;
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
        // As in a page, whose first file may lend to later ones what both need.
        preserveEntrySignatures: "allow-extension",
        output: { minify: true },
      },
    },
  });
  const [bundle] = result as readonly Rolldown.RolldownOutput[];
  const chunks = bundle!.output.filter((file) => file.type === "chunk");
  const bytes = (chunk: Rolldown.OutputChunk): number => gzipSync(chunk.code).length;
  const later = chunks.filter((chunk) => chunk.isDynamicEntry);
  const first = chunks.filter((chunk) => !chunk.isDynamicEntry);
  return {
    first: first.reduce((sum, chunk) => sum + bytes(chunk), 0),
    later: Object.fromEntries(later.map((chunk) => [chunk.name, bytes(chunk)])),
  };
}

test("a page with live queries, and what it loads when it first joins a channel or a body is pushed", async () => {
  const { first, later } = await weigh(`export { createLiveClient } from "../index.js";`);
  expect(first).toBeGreaterThan(4_000);
  expect(first).toBeLessThanOrEqual(6_450);
  expect(Object.keys(later).sort()).toEqual(["channel-code", "pushed-body"]);
  expect(later["channel-code"]).toBeLessThanOrEqual(1_600);
  expect(later["pushed-body"]).toBeLessThanOrEqual(650);
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
