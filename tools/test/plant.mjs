import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/**
 * Writes files into a new folder that is removed when the test ends, and returns the folder.
 * @param {Readonly<Record<string, string | object>>} files path to text; an object is written as JSON
 */
export function plant(files) {
  const root = mkdtempSync(join(tmpdir(), "livecache-tools-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

/** Manifests of a small house with the shape of this one: `wire`, `server` and an example. */
export const MANIFESTS = {
  "package.json": {
    name: "house",
    workspaces: ["packages/*", "examples/*"],
    devDependencies: { vitest: "1" },
  },
  "packages/wire/package.json": { name: "@house/wire", exports: { ".": "./dist/index.js" } },
  "packages/server/package.json": {
    name: "house-server",
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./redis": { types: "./dist/redis/open.d.ts", default: "./dist/redis/open.js" },
    },
    dependencies: { "@house/wire": "1", redis: "1" },
  },
  "examples/shop/package.json": { name: "shop", dependencies: { "house-server": "1", express: "1" } },
};
