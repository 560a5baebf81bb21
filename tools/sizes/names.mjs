import { posix } from "node:path";

/** Names that say nothing about what is inside. */
const EMPTY_ENDING = /(^|-)(utils?|helpers?|common|types|interfaces|manager|service|misc)$/;
const KEBAB = /^[a-z0-9]+([-.][a-z0-9]+)*$/;

/**
 * What is wrong with the name of a file and of the folders it lies in.
 * @param {string} path
 * @param {ReadonlySet<string>} entries files that a package.json publishes
 * @returns {import("./measure.mjs").Finding[]}
 */
export function judgeName(path, entries) {
  const findings = [];
  const add = (message) => findings.push({ limit: "name", message: `${path}: ${message}` });
  for (const part of path.split("/")) {
    if (!KEBAB.test(part)) add(`"${part}" is not kebab-case.`);
    const [stem] = part.split(".");
    if (EMPTY_ENDING.test(stem)) add(`"${stem}" says nothing; name it after what is inside.`);
  }
  if (posix.basename(path).startsWith("index.ts") && !entries.has(path)) {
    add("index.ts stands only where package.json publishes it.");
  }
  return findings;
}
