import { readFile } from "node:fs/promises";
import { createLive } from "livecache";
import { createMetrics } from "livecache/metrics";
import { expect, onTestFinished, test } from "vitest";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

function read(file: string): Promise<string> {
  return readFile(new URL(`../../../../docs/grafana/${file}`, import.meta.url), "utf8");
}

/** Every name that a scrape has samples of, and the labels of each. */
async function exported(): Promise<Map<string, Set<string>>> {
  const live = createLive({ realm: "main" });
  onTestFinished(() => live.close());
  const metrics = createMetrics(live);
  const failing = () => Promise.reject(new Error("no"));
  await live.cache.getOrSet("user:1:orders", async () => 1, { ttl: "1m" });
  await live.cache.getOrSet("user:2:orders", failing, { ttl: "1m" }).catch(() => undefined);
  await live.change({ tags: ["user:1"] });
  const names = new Map<string, Set<string>>();
  for (const line of metrics.text().split("\n")) {
    const [, name = "", labels = ""] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name)
      names.set(
        name,
        new Set([...(names.get(name) ?? []), ...[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!)]),
      );
  }
  return names;
}

/** What is wrong with a query: metrics or labels that are not exported. Prometheus itself adds `job` and `instance`. */
function flawsOf(query: string, names: Map<string, Set<string>>): string[] {
  const flaws: string[] = [];
  const used = [...query.matchAll(/\b(livecache_[a-z_]+)(?:\{([^}]*)\})?/g)];
  if (used.length === 0 || (query.match(/\(/g) ?? []).length !== (query.match(/\)/g) ?? []).length)
    flaws.push(`no query: ${query}`);
  const known = new Set(["job", "instance"]);
  for (const [, name = "", selectors = ""] of used) {
    const labels = names.get(name);
    if (!labels) flaws.push(`${name} is not exported`);
    for (const label of labels ?? []) known.add(label);
    for (const [, label] of selectors.matchAll(/(\w+)(?:=~|!=|!~|=)/g))
      if (!known.has(label!)) flaws.push(`${name} has no ${label}`);
  }
  for (const [, by = ""] of query.matchAll(/\bby \(([^)]*)\)/g)) {
    for (const label of by.split(/,\s*/)) if (!known.has(label)) flaws.push(`by ${label}: nothing has it`);
  }
  return flaws;
}

test("the dashboard is one that Grafana takes, and asks for nothing that is not exported", async () => {
  const names = await exported();
  const { panels, templating, schemaVersion } = JSON.parse(await read("livecache.json")) as Dashboard;
  expect(schemaVersion).toBeGreaterThanOrEqual(39);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const shown = panels.filter(({ type }) => type !== "row");
  expect(shown.length).toBeGreaterThanOrEqual(15);
  for (const { title, description, targets = [], gridPos } of shown) {
    expect([title, description]).not.toContain(undefined);
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.flatMap(({ expr }) => flawsOf(expr, names))).toEqual([]);
  }
  const variables = new Set(templating.list.map(({ name }) => name));
  const wanted = shown.flatMap(({ targets = [] }) =>
    targets.flatMap(({ expr }) => [...expr.matchAll(/\$([a-z]\w*)/g)].map(([, name]) => name!)),
  );
  expect([...new Set(wanted)].filter((name) => !variables.has(name))).toEqual([]);
});

test("whatever is exported is on the dashboard", async () => {
  const text = await read("livecache.json");
  const names = [...(await exported()).keys()].filter((name) => !/_(sum|count)$/.test(name));
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});

test("alert rules ask for what is exported, and each says what to do", async () => {
  const names = await exported();
  const rules = (await read("alerts.yaml")).split(/^ {6}- alert: /m).slice(1);
  expect(rules.length).toBeGreaterThanOrEqual(8);
  for (const rule of rules) {
    const [, query = ""] = /^ {8}expr: (?:>-\n)?([\s\S]*?)\n {8}for:/m.exec(rule) ?? [];
    expect(flawsOf(query.replaceAll(/\s+/g, " "), names)).toEqual([]);
    expect(rule).toMatch(/severity: (page|ticket)[\s\S]*summary: [\s\S]*description: /);
  }
});

test("a metric or a label that does not exist would be found", async () => {
  const names = await exported();
  expect(flawsOf("sum(livecache_cache_hits_total)", names)).toEqual([
    "livecache_cache_hits_total is not exported",
  ]);
  expect(flawsOf('livecache_sockets{user="1"}', names)).toEqual(["livecache_sockets has no user"]);
  expect(flawsOf("sum by (tag) (livecache_sockets)", names)).toEqual(["by tag: nothing has it"]);
});
