import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chartsOf } from "./charts.ts";
import { pageOf } from "./page.ts";
import type { Results } from "./results.ts";

/** A run whose answers take the place of those to the same questions in what was kept. */
export function mergeResults(kept: Results, run: Results): Results {
  const replaced = kept.questions.map((old) => run.questions.find(({ name }) => name === old.name) ?? old);
  const added = run.questions.filter(({ name }) => kept.questions.every((old) => old.name !== name));
  const questions = [...replaced, ...added];
  return { ...run, tookS: Math.round(questions.reduce((sum, { tookS }) => sum + tookS, 0)), questions };
}

const TOPICS = ["cache", "realtime", "security"] as const satisfies readonly Results["topic"][];

const fileOf = (topic: Results["topic"]): string => `bench/results/${topic}.json`;

async function readKept(root: string, topic: Results["topic"]): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(join(root, fileOf(topic)), "utf8")) as Results;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a run: its figures as JSON, and the page and the charts made from them. Questions that the run did not ask keep their
 * answers. `root` is the root of the repository.
 */
export async function keepResults(run: Results, root: string): Promise<readonly string[]> {
  const kept = await readKept(root, run.topic);
  const results = kept ? mergeResults(kept, run) : run;
  const topics = await Promise.all(
    TOPICS.map((topic) => (topic === run.topic ? results : readKept(root, topic))),
  );
  const all = topics.filter((topic) => topic !== undefined);
  const charts = all.flatMap(chartsOf).map(({ name, svg }) => [`docs/benchmarks/${name}`, svg] as const);
  const files = [
    [fileOf(run.topic), `${JSON.stringify(results, undefined, 2)}\n`] as const,
    ["docs/benchmarks.md", pageOf(all)] as const,
    ...charts,
  ];
  for (const folder of ["bench/results", "docs/benchmarks"])
    await mkdir(join(root, folder), { recursive: true });
  for (const [name, text] of files) await writeFile(join(root, name), text);
  return files.map(([name]) => name);
}
