import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { SCRIPTS } from "./scripts.gen.ts";

const HERE = new URL(".", import.meta.url);

/** Commands that are sent as text: `send(["GET", ...])`, also where the words are put together first. */
async function sentByUs(): Promise<string[]> {
  const names = (await readdir(HERE)).filter(
    (name) => name.endsWith(".ts") && !/\.(test|gen)\.ts$/.test(name),
  );
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, HERE), "utf8")));
  const words = texts.flatMap((text) => [...text.matchAll(/\[\s*"([A-Z]+)"(?:, "([A-Z]+)")?/g)]);
  return words.map(([, command, sub]) =>
    /^(SCRIPT|CLUSTER|CLIENT)$/.test(command!) ? `${command}|${sub}` : command!,
  );
}

/** Commands of scripts: `redis.call('GET', ...)`, and those that are unpacked from a table. */
function sentByScripts(): string[] {
  const texts = Object.values(SCRIPTS).map(({ source }) => source);
  const called = texts.flatMap((text) => [...text.matchAll(/redis\.p?call\('([A-Z]+)'/g)]);
  const unpacked = texts.flatMap((text) => [...text.matchAll(/= \{ ?'([A-Z]+)', KEYS/g)]);
  return [...called, ...unpacked].map(([, command]) => command!);
}

/** What the library sends when it subscribes; what we ask Sentinels, who have users of their own; and what `+@connection` covers. */
const BESIDES = ["SSUBSCRIBE", "SUNSUBSCRIBE"];
const OF_SENTINELS = ["SENTINEL"];
const OF_CONNECTIONS = ["HELLO", "PING", "ASKING", "CLIENT|INFO"];
/** Words that begin a part of a command. */
const NO_COMMANDS = ["COUNT", "BLOCK"];

test("the access list on the page of keys names every command that is sent, and no other", async () => {
  const page = await readFile(new URL("../../../../docs/reference/keys.md", HERE), "utf8");
  const rule = /^user (.+)$/m.exec(page)![1]!;
  const listed = rule
    .split(" ")
    .flatMap((word) => (/^\+[a-z|]+$/.test(word) ? word.slice(1).toUpperCase() : []));
  const sent = new Set([...(await sentByUs()), ...sentByScripts(), ...BESIDES]);
  for (const one of [...OF_SENTINELS, ...OF_CONNECTIONS, ...NO_COMMANDS]) sent.delete(one);
  expect([...sent].sort()).toEqual([...listed].sort());
});
