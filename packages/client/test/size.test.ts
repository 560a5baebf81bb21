import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../dist");

/** Bytes, gzipped, that one entry adds to a page that has Socket.IO and React already. */
async function gzippedBytes(entry: string): Promise<number> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(DIST, entry),
        preserveEntrySignatures: "strict",
        external: ["socket.io-client", "react"],
      },
    },
  });
  if (!("output" in result)) throw new Error("expected one finished build");
  const code = result.output.map((file) => (file.type === "chunk" ? file.code : ""));
  return gzipSync(code.join("")).length;
}

test("the client without Socket.IO stays within 6.5 kB, gzipped", async () => {
  const bytes = await gzippedBytes("index.js");
  expect(bytes).toBeGreaterThan(3_000);
  expect(bytes).toBeLessThanOrEqual(6_500);
});

test("the hooks, with what they share with the client, stay within 1.5 kB, gzipped", async () => {
  expect(await gzippedBytes("react/index.js")).toBeLessThanOrEqual(1_500);
});
