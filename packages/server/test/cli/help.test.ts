import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/command-list.ts";
import { CHECKS } from "../../src/cli/doctor/finding.ts";
import { CONNECTION } from "../../src/cli/option-list.ts";
import { runCommand } from "./run-command.ts";

const page = await readFile(new URL("../../../../docs/reference/cli.md", import.meta.url), "utf8");

/** What stands below a title of the page. */
function section(title: string): string {
  return new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(page)?.[1] ?? "";
}

const shared = new Set([...CONNECTION.map(({ flags }) => flags), "--help"]);

test.each(COMMANDS.map((spec) => [spec.name, spec] as const))(
  "the page and the help of %s name the same options and examples",
  async (name, spec) => {
    const { out, code } = await runCommand([name, "--help"]);
    expect(code).toBe(0);
    const own = spec.options
      .map(({ flags }) => flags)
      .filter((flags) => name === "doctor" || name === "warm" || !shared.has(flags));
    const told = [...section(name).matchAll(/^\| `(--[^`]+)` \|/gm)].map((match) => match[1]!);
    // Those that all commands have are told once for all.
    expect(told.filter((flags) => !shared.has(flags)).sort()).toEqual(
      own.filter((flags) => !shared.has(flags)).sort(),
    );
    for (const { flags, usual } of spec.options) {
      expect(out).toContain(flags);
      const line = section(name)
        .split("\n")
        .find((row) => row.startsWith(`| \`${flags}\``));
      expect(line === undefined || usual === undefined || line.includes(`Default ${usual}`)).toBe(true);
    }
    for (const example of spec.examples) {
      expect(out).toContain(`$ ${example}\n`);
      expect(section(name)).toContain(example);
    }
  },
);

test("the page names every command with its arguments, and no other", async () => {
  const { out } = await runCommand(["--help"]);
  const told = [...page.matchAll(/^\| \[`([^`]+)`\]\(#/gm)].map((match) => match[1]!);
  expect(told).toEqual(COMMANDS.map(({ name, usage }) => `${name} ${usage}`.trim()));
  for (const command of told) expect(out).toContain(`  ${command}`);
});

test("the page explains every check, and no other", () => {
  const told = [...section("doctor").matchAll(/^\| `([a-z]+(?:-[a-z]+)*)` \|/gm)].map((match) => match[1]!);
  expect(told.sort()).toEqual(Object.keys(CHECKS).sort());
});

test("the version is told", async () => {
  expect((await runCommand(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
