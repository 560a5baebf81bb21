import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const HERE = dirname(fileURLToPath(import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const EXPECTED = /^\s*\/\/ @ts-expect-error .*\n/gm;

/** Compiles one project; answers every place where it does not, as `file:line`. */
function compile(project: string): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(process.execPath, [TSC, "--pretty", "false", "-p", project], (_, stdout) => {
      const places = [...stdout.matchAll(/^(.*)\((\d+),\d+\): error/gm)];
      resolve([...new Set(places.map(([, file, line]) => `${file}:${line}`))]);
    });
  });
}

/** A copy of the projects in which nothing expects an error any more, and how many lines did in each. */
async function withoutExpectations(): Promise<{
  readonly folder: string;
  readonly expected: Map<string, number>;
}> {
  const folder = await mkdtemp(join(HERE, "../dist/typing-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(HERE, "typing"), folder, { recursive: true });
  const expected = new Map<string, number>();
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue;
    const text = await readFile(join(folder, name), "utf8");
    const project = dirname(name);
    expected.set(project, (expected.get(project) ?? 0) + (text.match(EXPECTED)?.length ?? 0));
    await writeFile(join(folder, name), text.replace(EXPECTED, ""));
  }
  return { folder, expected };
}

test.each(["registered", "unregistered"])(
  "right uses compile, wrong ones do not: %s contract",
  async (project) => {
    expect(await compile(join(HERE, "typing", project))).toEqual([]);
  },
);

test.each(["registered", "unregistered"])(
  "each wrong use is an error of its own: %s contract",
  async (project) => {
    const { folder, expected } = await withoutExpectations();
    const errors = await compile(join(folder, project));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors).toHaveLength(expected.get(project)!);
  },
);
