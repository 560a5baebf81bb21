import { readFile, rename, writeFile } from "node:fs/promises";

export interface Item {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
}

const FILE = "items.json";
const FIRST: readonly Item[] = [
  { id: "1", text: "Open this page in a second window", done: false },
  { id: "2", text: "Add something here, and watch it appear there", done: false },
  { id: "3", text: "Make it yours", done: false },
];

let last: Promise<unknown> = Promise.resolve();

/** All items. They are in a file, so that they outlive the process; put your database here. */
export async function readItems(): Promise<readonly Item[]> {
  const text = await readFile(FILE, "utf8").catch(() => undefined);
  return text === undefined ? FIRST : (JSON.parse(text) as Item[]);
}

/** Changes the items, one change after the other. */
export function writeItems(change: (items: readonly Item[]) => readonly Item[]): Promise<void> {
  const next = last.then(async () => {
    await writeFile(`${FILE}.next`, JSON.stringify(change(await readItems())));
    await rename(`${FILE}.next`, FILE);
  });
  last = next.catch(() => undefined);
  return next;
}
