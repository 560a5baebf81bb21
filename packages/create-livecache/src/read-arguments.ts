import { parseArgs } from "node:util";

/** The templates, and what each is. */
export const TEMPLATES = {
  "express-react": "Express and React, built by Vite, in TypeScript",
  express: "Express and one plain page, without a build",
} as const;

/** Name of a template. */
export type Template = keyof typeof TEMPLATES;

/** What was asked for; what was left open is `undefined`. */
export interface Wish {
  readonly folder: string | undefined;
  readonly template: Template | undefined;
  /** Ask nothing. */
  readonly isDecided: boolean;
  /** With notes for coding agents. */
  readonly hasAgents: boolean;
}

/** Something that was typed is wrong: says what was expected. */
export class WrongUse extends Error {}

export const USAGE = `npm create livecache@latest <folder> -- [options]    a live application to begin with

  --template <name>  ${Object.entries(TEMPLATES)
    .map(([name, words]) => `${name}: ${words}`)
    .join("\n                     ")}
                     Default express-react
  --yes              ask nothing
  --agents           add AGENTS.md, notes for coding agents
  --version, --help

The folder has to be new or empty, and its name is that of the application: small letters, digits, "-", "_" and ".".
Without a terminal nothing is asked. Exit code: 0, 1 when it could not be written, 2 for wrong arguments.
`;

/** Reads the arguments. Throws {@link WrongUse}. */
export function readArguments(argv: readonly string[]): Wish | "help" | "version" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  if (values.version) return "version";
  if (positionals.length > 1)
    throw new WrongUse(`Expected one folder, received ${positionals.join(" and ")}.`);
  const { template } = values;
  if (template !== undefined && !Object.hasOwn(TEMPLATES, template)) {
    throw new WrongUse(
      `--template: expected ${Object.keys(TEMPLATES).join(" or ")}, received ${JSON.stringify(template)}.`,
    );
  }
  return {
    folder: positionals[0],
    template: template as Template | undefined,
    isDecided: values.yes,
    hasAgents: values.agents,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        template: { type: "string", short: "t" },
        yes: { type: "boolean", short: "y", default: false },
        agents: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", short: "v", default: false },
      },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

/** What an application may be called: what npm takes for a package. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;

/** Checks the name of an application. Throws {@link WrongUse}, with a name that would do. */
export function checkName(name: string): string {
  if (NAME.test(name) && name !== "node_modules") return name;
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "");
  const hint = NAME.test(better) && better !== "node_modules" ? ` How about ${better}?` : "";
  throw new WrongUse(
    `The name of the folder is that of the application: expected small letters, digits, "-", "_" and ".", a letter or digit first, received ${JSON.stringify(name)}.${hint}`,
  );
}
