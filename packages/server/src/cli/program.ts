import { Command, Option } from "commander";
import type { Argument } from "commander";
import { ownVersion } from "../base/own-version.ts";
import type { CliParts } from "./cli-parts.ts";
import { COMMANDS } from "./command-list.ts";
import type { CommandSpec } from "./command-list.ts";
import type { OptionSpec } from "./option-list.ts";
import { createPalette, hasColours } from "./terminal/paint.ts";
import { widthOf } from "./terminal/screen.ts";

const EXIT_CODES = `Exit codes: 0 all is well, 1 a problem was found, 2 wrongly used,
3 the application could not be reached, or refused.`;

/** Makes the parser of command lines. What a command does is loaded when it is run, and `onEnd` is told its exit code. */
export function createProgram(parts: CliParts, onEnd: (code: number) => void): Command {
  const program = dressed(new Command("livecache"), parts)
    .description("Looks after an application that uses Livecache.")
    .version(ownVersion(), "-v, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", `\n${EXIT_CODES}\n\nlivecache <command> --help tells its options, with examples.`);
  for (const spec of COMMANDS) program.addCommand(commandOf(spec, parts, onEnd));
  return program;
}

function commandOf(spec: CommandSpec, parts: CliParts, onEnd: (code: number) => void): Command {
  const command = dressed(new Command(spec.name), parts).description(spec.summary);
  if (spec.usage !== "") for (const argument of spec.usage.split(/ (?=[<[])/)) command.argument(argument);
  for (const option of spec.options) command.addOption(optionOf(option));
  const examples = spec.examples.map((line) => `  $ ${line}\n`).join("");
  command.addHelpText(
    "after",
    `${spec.more === undefined ? "" : `\n${spec.more}\n`}\nExamples:\n${examples.trimEnd()}`,
  );
  return command.action(async () => {
    const { run } = await spec.load();
    const given = command.processedArgs as unknown[];
    const rest = given.flatMap((one) => (Array.isArray(one) ? (one as string[]) : []));
    const args = given.map((one) => (typeof one === "string" ? one : undefined));
    onEnd(await run(parts, { args, rest, options: command.opts() }));
  });
}

function optionOf({ flags, words, usual, isList }: OptionSpec): Option {
  const option = new Option(flags, words);
  if (usual !== undefined) option.default(usual);
  if (isList)
    option
      .argParser((value: string, before: readonly string[] = []) => [...before, value])
      .default([], "none");
  return option;
}

/** Lets a command write where it is told, end by throwing, and show its help in the colours of the screen. */
function dressed(command: Command, { out, err, env }: CliParts): Command {
  const colours = hasColours(out, env);
  const { bold, cyan } = createPalette(colours);
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError("livecache --help tells the rest.")
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      getOutHelpWidth: () => widthOf(out) ?? 100,
      getErrHelpWidth: () => widthOf(err) ?? 100,
      getOutHasColors: () => colours,
      getErrHasColors: () => hasColours(err, env),
    })
    .configureHelp({
      styleTitle: bold,
      styleCommandText: cyan,
      styleSubcommandText: cyan,
      styleOptionText: cyan,
      showGlobalOptions: false,
      minWidthToWrap: 20,
      subcommandTerm: (sub) => `${sub.name()} ${sub.registeredArguments.map(argumentTerm).join(" ")}`.trim(),
      optionDescription: (option) =>
        typeof option.defaultValue === "string"
          ? `${option.description}. Default ${option.defaultValue}`
          : option.description,
    });
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
