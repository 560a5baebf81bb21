import { readFile, rename, writeFile } from "node:fs/promises";

/** @typedef {{ id: string, text: string, done: boolean }} Item */

const FILE = "items.json";
/** @type {readonly Item[]} */
const FIRST = [
  { id: "1", text: "Open this page in a second window", done: false },
  { id: "2", text: "Add something here, and watch it appear there", done: false },
  { id: "3", text: "Make it yours", done: false },
];

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * All items. They are in a file, so that they outlive the process; put your database here.
 * @returns {Promise<readonly Item[]>}
 */
export async function readItems() {
  const text = await readFile(FILE, "utf8").catch(() => undefined);
  return text === undefined ? FIRST : JSON.parse(text);
}

/**
 * Changes the items, one change after the other.
 * @param {(items: readonly Item[]) => readonly Item[]} change
 * @returns {Promise<void>}
 */
export function writeItems(change) {
  const next = last.then(async () => {
    await writeFile(`${FILE}.next`, JSON.stringify(change(await readItems())));
    await rename(`${FILE}.next`, FILE);
  });
  last = next.catch(() => undefined);
  return next;
}
