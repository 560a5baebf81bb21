import { spawn } from "node:child_process";
import { realpath, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { applyEdits, planEdits } from "../init/edit-source.ts";
import type { Plan } from "../init/edit-source.ts";
import { findApplication } from "../init/find-application.ts";
import type { FoundApplication } from "../init/find-application.ts";
import { unifiedDiff } from "../init/show-diff.ts";
import { textOf } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";

/**
 * Adds Livecache to an Express application, or prints how. Resolves with 1 when something is left to be done by hand, or the packages could
 * not be installed.
 */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const { options } = given;
  const folder = resolve(parts.cwd, given.args[0] ?? ".");
  const found = await findApplication(folder, textOf(options["app"]));
  const plan = planEdits(found.text);
  const isClear = plan.byHand.length === 0;
  const mayWrite = options["dryRun"] !== true && isClear && plan.edits.length > 0;
  if (mayWrite) await write(join(folder, found.file), applyEdits(found.text, plan.edits), found.hasReturns);
  const isInstalled = mayWrite && options["install"] !== false && (await install(folder, { found, parts }));
  const printer = createPrinter(parts, given);
  const shown: Shown = { found, plan, isWritten: mayWrite, isInstalled };
  if (printer.isJson) printer.json(documentOf(shown));
  else show(shown, printer);
  const failed = mayWrite && options["install"] !== false && !isInstalled;
  return !isClear || failed ? EXIT.problem : EXIT.fine;
}

interface Shown {
  readonly found: FoundApplication;
  readonly plan: Plan;
  readonly isWritten: boolean;
  readonly isInstalled: boolean;
}

/** In one step: whoever reads the file meanwhile finds the old one or the new one. */
async function write(file: string, text: string, hasReturns: boolean): Promise<void> {
  const path = await realpath(file);
  const next = `${path}.livecache-init`;
  const { mode } = await stat(path);
  await writeFile(next, hasReturns ? text.replaceAll("\n", "\r\n") : text, { mode });
  await rename(next, path);
}

/** Resolves with whether the packages are there. */
async function install(
  folder: string,
  { found, parts }: { found: FoundApplication; parts: CliParts },
): Promise<boolean> {
  const { manager, lacks } = found;
  if (lacks.length === 0) return true;
  parts.err.write(`${commandOf(found)}\n`);
  const child = spawn(manager.name, [...manager.add, ...lacks], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  return new Promise((done) => {
    child.once("error", () => done(false));
    child.once("exit", (code) => done(code === 0));
  });
}

function commandOf({ manager, lacks }: FoundApplication): string {
  return [manager.name, ...manager.add, ...lacks].join(" ");
}

function documentOf({ found, plan, isWritten, isInstalled }: Shown) {
  return {
    file: found.file,
    packageManager: found.manager.name,
    state: plan.isDone
      ? "already-there"
      : isWritten
        ? "written"
        : plan.byHand.length > 0
          ? "by-hand"
          : "dry-run",
    diff: plan.edits.length > 0 ? unifiedDiff(found.file, found.text, plan.edits) : "",
    byHand: plan.byHand,
    install: found.lacks.length > 0 && !isInstalled ? commandOf(found) : null,
    routes: plan.routes,
  };
}

function show(shown: Shown, printer: Printer): void {
  const { found, plan, isWritten, isInstalled } = shown;
  const { bold, green, yellow, dim } = printer;
  if (plan.isDone) {
    printer.line(`${green("✓")} ${bold(found.file)} uses Livecache already. Nothing was changed.`);
    return;
  }
  if (plan.edits.length > 0) showDiff(unifiedDiff(found.file, found.text, plan.edits), printer);
  if (plan.byHand.length > 0) {
    printer.line(
      `${yellow("!")} ${bold("Nothing was changed")}: it is not clear where the rest goes. Write it yourself:`,
    );
    for (const { where, lines } of plan.byHand) {
      printer.line(`\n  ${where}:`);
      for (const line of lines) printer.line(`    ${green(line)}`);
    }
  } else {
    printer.line(
      isWritten ? `${green("✓")} written to ${bold(found.file)}` : dim("Nothing was changed: --dry-run."),
    );
  }
  printer.title("Next");
  if (found.lacks.length > 0 && !isInstalled) printer.line(`  ${commandOf(found)}`);
  for (const line of nextSteps(plan)) printer.line(`  ${line}`);
}

function nextSteps({ routes }: Plan): string[] {
  const [route = "/api/items"] = routes.filter((path) => path !== "/" && path !== "*");
  const tag = route.split("/").findLast((part) => part !== "" && !part.startsWith(":")) ?? "items";
  return [
    `cache a read:      app.get("${route}", cached(live, { ttl: "1m", tags: ["${tag}"] }), handler)`,
    `after each write:  await live.change({ tags: ["${tag}"] })`,
    `in the page:       useLive("${route}") of @livecache/client/react, or client.query("${route}")`,
    "who people are:    createLive({ identify }): responses are shared by all until then (docs/reference/identity.md)",
    "several processes: createLive({ ground: await openRedis(process.env.REDIS_URL), secret }) (docs/how-to/redis.md)",
  ];
}

function showDiff(diff: string, { green, red, dim, line }: Printer): void {
  for (const text of diff.trimEnd().split("\n")) {
    if (text.startsWith("+++") || text.startsWith("---") || text.startsWith("@@")) line(dim(text));
    else if (text.startsWith("+")) line(green(text));
    else line(text.startsWith("-") ? red(text) : text);
  }
  line();
}
