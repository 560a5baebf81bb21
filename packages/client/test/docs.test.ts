import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const HERE = dirname(fileURLToPath(import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const PAGE = join(HERE, "../../../docs/reference/client.md");

/** What the page takes for granted. */
const GIVEN = `
import type { ReactNode } from "react";
import type { LiveClient } from "@livecache/client";
import { defineContract } from "@livecache/wire";
import { z } from "zod";
export const contract = defineContract({
  channels: {
    "hostel/:hostelId": {
      events: { new_issue: z.object({ title: z.string() }) },
      messages: { comment: z.object({ text: z.string() }) },
      whispers: { pointing: z.object({ x: z.number(), y: z.number() }) },
      presence: true,
      typing: true,
    },
  },
  notifications: { assigned: z.object({ issueId: z.string() }) },
});
declare global {
  interface Issue { readonly id: string; readonly title: string }
  const client: LiveClient;
  const user: { readonly id: string };
  const form: HTMLFormElement;
  const place: HTMLElement;
  function toast(text: string): void;
  function render(what: unknown): void;
  function showPointer(userId: string | undefined, place: { x: number; y: number }): void;
  function createRoot(at: HTMLElement): { render(node: ReactNode): void };
}
`;

const CONFIG = {
  extends: "../../../../tsconfig.base.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    lib: ["es2023", "dom", "dom.iterable"],
    jsx: "react-jsx",
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ["."],
};

function compile(project: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [TSC, "--pretty", "false", "-p", project], (_, stdout) => resolve(stdout));
  });
}

/** Every block of the page in a file of its own. */
async function writeBlocks(folder: string, change: (code: string) => string): Promise<number> {
  const page = await readFile(PAGE, "utf8");
  const blocks = [...page.matchAll(/```tsx?\n([\s\S]*?)```/g)].map(([, code]) => change(code!));
  await writeFile(join(folder, "contract.ts"), GIVEN);
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(CONFIG));
  for (const [at, code] of blocks.entries()) {
    const text = code.replace("../contract.ts", "./contract.ts");
    await writeFile(join(folder, `block-${at}.tsx`), `${text}\nexport {};\n`);
  }
  return blocks.length;
}

async function folderFor(name: string): Promise<string> {
  const folder = await mkdtemp(join(HERE, `../dist/docs-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("every piece of code on the client's page compiles", async () => {
  const folder = await folderFor("right");
  expect(await writeBlocks(folder, (code) => code)).toBeGreaterThanOrEqual(9);
  expect(await compile(folder)).toBe("");
});

test("a misspelt event, message or option on the page would be found", async () => {
  const folder = await folderFor("wrong");
  await writeBlocks(folder, (code) =>
    code
      .replaceAll("new_issue", "new_isue")
      .replaceAll('"comment"', '"coment"')
      .replaceAll("outbox:", "outbx:"),
  );
  const found = new Set(Array.from((await compile(folder)).matchAll(/block-(\d+)\.tsx\(/g), ([, at]) => at));
  expect(found.size).toBeGreaterThanOrEqual(4);
});
