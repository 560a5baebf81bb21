import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
// @ts-expect-error: a build script in plain JavaScript has no types.
import { generateScripts } from "../../build-scripts.mjs";
import { SCRIPTS } from "./scripts.gen.ts";

const FOLDER = new URL("scripts/", import.meta.url);
const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".lua"));

test("scripts.gen.ts holds what the files in scripts say", async () => {
  const generated = await readFile(new URL("scripts.gen.ts", import.meta.url), "utf8");
  expect(generated).toBe(await generateScripts());
});

test("there is one script for each file, under its name and with its digest", () => {
  const names = files.map((file) =>
    file.slice(0, -4).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
  expect(new Set(Object.keys(SCRIPTS))).toEqual(new Set(names));
  for (const { sha1, source } of Object.values(SCRIPTS)) {
    expect(createHash("sha1").update(source).digest("hex")).toBe(sha1);
  }
});

test.each(files)("%s begins with what it is for, takes, answers and costs", async (file) => {
  const text = await readFile(new URL(file, FOLDER), "utf8");
  const header = text.slice(0, text.search(/^(?!#!|--)/m));
  expect(header).toMatch(/^#!lua( flags=[a-z,-]+)?\n/);
  const words = [...header.matchAll(/^-- ([A-Z]\w+) +\S/gm)].map((match) => match[1]);
  expect(words).toEqual(["Purpose", "Port", "KEYS", "ARGV", "Returns", "Cost"]);
});

test.each(files)("%s says how many keys and arguments it takes", async (file) => {
  const text = await readFile(new URL(file, FOLDER), "utf8");
  for (const table of ["KEYS", "ARGV"]) {
    const said = text.slice(text.indexOf(`-- ${table}`), text.indexOf("\n\n"));
    const code = text.replace(/^--.*$/gm, "");
    for (const [, index] of code.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, "g"))) {
      expect(said).toMatch(new RegExp(`\\b${index}\\b`));
    }
  }
});

test("every part that scripts share says what it is, and is used", async () => {
  const parts = await readdir(new URL("parts/", FOLDER));
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, FOLDER), "utf8")));
  for (const part of parts) {
    expect(await readFile(new URL(`parts/${part}`, FOLDER), "utf8")).toMatch(/^-- [A-Z]/);
    const name = part.replace(".lua", "");
    expect(texts.some((text) => new RegExp(`^-- include .*\\b${name}\\b`, "m").test(text))).toBe(true);
  }
});
