import { invalidOption } from "../../base/check.ts";
import { ownVersion } from "../../base/own-version.ts";
import type { CliParts, Given } from "../cli-parts.ts";
import { checkApplication } from "../doctor/check-application.ts";
import { checkEnvironment } from "../doctor/check-environment.ts";
import { checkRedis } from "../doctor/check-redis.ts";
import type { Finding, Level } from "../doctor/finding.ts";
import { scanSource } from "../doctor/scan-source.ts";
import { showReport } from "../doctor/show-report.ts";
import type { Settings } from "../doctor/show-report.ts";
import { EXIT, wrongUse } from "../failure.ts";
import { readAddress } from "../operations-client.ts";
import { listOf, readDuration, textOf } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";

const ORDER: readonly Level[] = ["problem", "warning", "note", "skipped", "ok"];

/** Looks for what is wrong. Resolves with 1 when there is a problem, with `--strict` also for a warning. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const { env } = parts;
  const { options } = given;
  const urls =
    listOf(options["url"]).length > 0 ? listOf(options["url"]) : [env["LIVECACHE_URL"] ?? ""].filter(Boolean);
  const [redisUrl, folder] = [
    textOf(options["redisUrl"]) ?? textOf(env["REDIS_URL"]),
    textOf(options["scan"]),
  ];
  if (urls.length === 0 && redisUrl === undefined && folder === undefined) {
    throw wrongUse("livecache doctor: say what to look at, with --url, --redis-url or --scan.");
  }
  const settings: Settings = { "this command": { version: ownVersion(), "Node.js": process.version } };
  const found: Finding[] = [...checkEnvironment(env)];
  if (folder !== undefined) found.push(...(await scan(folder, { parts, settings })));
  if (redisUrl !== undefined) found.push(...(await redis(redisUrl, { parts, given, settings })));
  if (urls.length > 0) found.push(...(await application(urls, { parts, given, settings })));
  const findings = distinct(found).sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  const isBad = findings.some(
    ({ level }) => level === "problem" || (options["strict"] === true && level === "warning"),
  );
  const printer = createPrinter(parts, given);
  if (printer.isJson) printer.json({ ok: !isBad, findings, settings });
  else showReport({ findings, settings }, printer);
  return isBad ? EXIT.problem : EXIT.fine;
}

/** What two looks have found alike, once: nodes tell of their Redis too. */
function distinct(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ code, level, what, where = "" }: Finding): string => `${level} ${code} ${what} ${where}`;
  return [...new Map(findings.map((one) => [keyOf(one), one])).values()];
}

interface Looking {
  readonly parts: CliParts;
  readonly settings: Settings;
}

async function scan(folder: string, { parts, settings }: Looking): Promise<readonly Finding[]> {
  const { findings, files } = await scanSource(folder, parts.cwd);
  settings["source"] = { folder, files };
  return findings;
}

async function redis(
  url: string,
  { parts, given, settings }: Looking & { given: Given },
): Promise<readonly Finding[]> {
  const prefix = textOf(given.options["prefix"]) ?? "lc";
  if (!/^[\w-]{1,32}$/.test(prefix))
    throw invalidOption("--prefix", '1 to 32 letters, digits, "_" and "-"', prefix);
  const timeoutMs = readDuration("--timeout", given.options["timeout"]);
  const look = await checkRedis({ url, prefix, timeoutMs }, parts);
  settings["Redis"] = look.settings;
  return look.findings;
}

async function application(
  urls: readonly string[],
  { parts, given, settings }: Looking & { given: Given },
): Promise<readonly Finding[]> {
  const { options } = given;
  const origin = textOf(options["origin"]);
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).origin !== origin)) {
    throw invalidOption("--origin", "scheme, host and port, such as https://app.example.com", origin);
  }
  const { findings, nodes } = await checkApplication(
    {
      addresses: urls.map((url) => readAddress(parts, given, url)),
      origin,
      page: pathIn("--page", options["page"]),
      socketPath: pathIn("--socket-path", options["socketPath"]),
    },
    parts,
  );
  for (const { node, realm, ground, version, nodeVersion, near, secrets, contract, hasIdentify } of nodes) {
    settings[`node ${node}`] = {
      ...{ version, "Node.js": nodeVersion, ground: ground.kind, ...ground.settings, realm },
      secret: secrets.isRandom ? "made up by the process" : `*** (${secrets.digests.join(", ")})`,
      channels: contract.channels.join(", ") || "none",
      identify: hasIdentify ? "given" : "none",
      "near.maxBytes": near.maxBytes,
      "near.maxAge": `${near.maxAgeMs} ms`,
    };
  }
  return findings;
}

function pathIn(name: string, value: unknown): string {
  if (typeof value === "string" && value.startsWith("/") && !value.startsWith("//")) return value;
  throw invalidOption(name, 'a path such as "/api/issues"', value);
}
