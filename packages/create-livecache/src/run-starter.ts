import { readFile } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";
import { copyTemplate } from "./copy-template.ts";
import { TEMPLATES, USAGE, WrongUse, checkName, readArguments } from "./read-arguments.ts";
import type { Template, Wish } from "./read-arguments.ts";

/** What the starter runs in. */
export interface StarterParts {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks a question; absent where nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
}

const USUAL_TEMPLATE: Template = "express-react";
const USUAL_NAME = "my-live-app";

/** Creates an application. Resolves with the exit code: 0, 1 when it could not be written, 2 for wrong arguments. Never rejects. */
export async function runStarter(argv: readonly string[], parts: StarterParts): Promise<number> {
  try {
    const wish = readArguments(argv);
    if (wish === "help") parts.out(USAGE);
    else if (wish === "version") parts.out(`${await ownVersion()}\n`);
    else await create(wish, parts);
    return 0;
  } catch (error) {
    parts.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof WrongUse ? 2 : 1;
  }
}

async function create(wish: Wish, parts: StarterParts): Promise<void> {
  const ask = wish.isDecided ? undefined : parts.ask;
  const given = wish.folder ?? (await chooseFolder(ask, wish));
  const folder = resolve(parts.cwd, given);
  const name = checkName(basename(folder));
  const template = wish.template ?? (await chooseTemplate(ask));
  await copyTemplate({ folder, name, template, hasAgents: wish.hasAgents, version: await ownVersion() });
  parts.out(farewell({ name, template, place: relative(parts.cwd, folder), manager: managerOf(parts.env) }));
}

async function chooseFolder(ask: StarterParts["ask"], { isDecided }: Wish): Promise<string> {
  if (ask) return (await ask(`Name of the application (${USUAL_NAME}): `)).trim() || USUAL_NAME;
  if (isDecided) return USUAL_NAME;
  throw new WrongUse(`Say where: npm create livecache@latest my-app. There is no terminal to ask at.`);
}

async function chooseTemplate(ask: StarterParts["ask"]): Promise<Template> {
  if (!ask) return USUAL_TEMPLATE;
  const list = Object.entries(TEMPLATES).map(([name, words], index) => `  ${index + 1} ${name}: ${words}\n`);
  const answer = (await ask(`${list.join("")}Which (1)? `)).trim();
  const names = Object.keys(TEMPLATES) as Template[];
  const chosen =
    answer === "" ? USUAL_TEMPLATE : (names[Number(answer) - 1] ?? names.find((name) => name === answer));
  if (chosen === undefined)
    throw new WrongUse(`Expected a number from 1 to ${names.length}, received ${JSON.stringify(answer)}.`);
  return chosen;
}

/** Whoever runs this says so; npm otherwise. */
function managerOf(env: StarterParts["env"]): string {
  const name = /^(npm|pnpm|yarn|bun)\//.exec(env["npm_config_user_agent"] ?? "")?.[1];
  return name ?? "npm";
}

interface Farewell {
  readonly name: string;
  readonly template: Template;
  readonly place: string;
  readonly manager: string;
}

function farewell({ name, template, place, manager }: Farewell): string {
  const steps = [...(place === "" ? [] : [`cd ${place}`]), `${manager} install`, `${manager} run dev`];
  return `${name} is there (${template}). Next:

${steps.map((step) => `  ${step}\n`).join("")}
Then open http://localhost:3000 in two windows. With REDIS_URL set, several processes share it.
`;
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
