import { readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const FOLDER = new URL("../dist-web/", import.meta.url);

/** What the pages may take together, in bytes after gzip. */
const MOST_BYTES = 150 * 1024;

test("the pages take at most 150 KB, and ask nobody else for anything", async () => {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts: string[] = [];
  let bytes = 0;
  for (const { parentPath, name } of files) {
    const content = await readFile(`${parentPath}/${name}`);
    bytes += gzipSync(content, { level: 9 }).length;
    if (/\.(html|css)$/.test(name)) texts.push(content.toString());
  }
  expect(files.length).toBeGreaterThanOrEqual(4);
  expect(texts.join("\n")).not.toMatch(/(?:src|href|url)[=(]["']?https?:/);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
