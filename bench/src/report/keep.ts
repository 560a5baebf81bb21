import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chartsOf } from "./charts.ts";
import { pageOf } from "./page.ts";
import type { Results } from "./results.ts";

/** Keeps a run: its figures as JSON, and the page and the charts made from them. `root` is the root of the repository. */
export async function keepResults(results: Results, root: string): Promise<readonly string[]> {
  const charts = chartsOf(results).map(({ name, svg }) => [`docs/benchmarks/${name}`, svg] as const);
  const files = [
    ["bench/results/cache.json", `${JSON.stringify(results, undefined, 2)}\n`] as const,
    ["docs/benchmarks.md", pageOf(results)] as const,
    ...charts,
  ];
  for (const folder of ["bench/results", "docs/benchmarks"])
    await mkdir(join(root, folder), { recursive: true });
  for (const [name, text] of files) await writeFile(join(root, name), text);
  return files.map(([name]) => name);
}
