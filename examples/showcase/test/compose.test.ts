import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const compose = read("compose.yaml");
const proxy = read("examples/showcase/deploy/Caddyfile");
/** Names that stand one step in, below `services:`. */
const services = [...compose.split(/^services:$/m)[1]!.matchAll(/^ {2}([a-z0-9-]+):/gm)].map(
  ([, name]) => name,
);

test("the proxy knows every node of the composition, and no other", () => {
  const nodes = services.filter((name) => name!.startsWith("node-"));
  const upstreams = [...proxy.matchAll(/(node-\d+):3000/g)].map(([, name]) => name);
  expect(nodes).toEqual(["node-1", "node-2", "node-3"]);
  expect(upstreams).toEqual(nodes);
});

test("what nodes are told to reach is in the composition", () => {
  const hosts = [...compose.matchAll(/(?:redis|postgres):\/\/(?:[^@\s]+@)?([a-z0-9-]+):\d+/g)].map(
    ([, host]) => host,
  );
  expect(hosts).toEqual(["redis", "postgres"]);
  expect(services).toEqual(expect.arrayContaining(hosts));
});

test("files that are mounted exist, and the image leaves out what it builds itself", () => {
  const mounted = [...compose.matchAll(/- \.\/([^:\s]+):/g)].map(([, path]) => path!);
  expect(mounted).toEqual(["examples/showcase/deploy/Caddyfile"]);
  expect(mounted.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  expect(read(".dockerignore").split("\n")).toEqual(
    expect.arrayContaining(["**/node_modules", "**/dist", ".git"]),
  );
});

test("the applications that the guide offers are examples that run alone", () => {
  const [, offered] = /\| `APPLICATION` \| (.+?); each/.exec(read("docs/how-to/deployment.md"))!;
  const names = [...offered!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!);
  const examples = readdirSync(new URL("examples/", root));
  expect(names).toHaveLength(5);
  expect(examples).toEqual(expect.arrayContaining(names));
  expect(names.filter((name) => !existsSync(new URL(`examples/${name}/src/main.ts`, root)))).toEqual([]);
  expect(compose).toContain(`\${APPLICATION:-${names[0]}}`);
  expect(read("Dockerfile")).toContain(`APPLICATION=${names[0]} `);
});

test("the secret for trying it out is long enough to be taken", () => {
  const [, secret] = /LIVE_SECRET: \$\{LIVE_SECRET:-([^}]+)\}/.exec(compose)!;
  expect(secret!.length).toBeGreaterThanOrEqual(32);
});
