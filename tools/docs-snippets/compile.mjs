import { execFile } from "node:child_process";
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../source/report.mjs";
import { writeBlocks } from "./write.mjs";

const GIVEN = fileURLToPath(new URL("given/", import.meta.url));

const CONFIG = {
  extends: join(ROOT, "tsconfig.base.json"),
  compilerOptions: {
    ...{ noEmit: true, composite: false, incremental: false, declaration: false, declarationMap: false },
    ...{
      noUnusedLocals: false,
      noUnusedParameters: false,
      noUncheckedIndexedAccess: false,
      noImplicitReturns: false,
    },
    ...{
      lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
      types: ["node"],
      jsx: "react-jsx",
      allowImportingTsExtensions: true,
    },
    // npm has put it beside another version.
    paths: {
      "@fastify/cookie": [join(ROOT, "packages/server/node_modules/@fastify/cookie/types/plugin.d.ts")],
    },
  },
  include: ["."],
};

/**
 * Compiles blocks against the real packages and what pages take for granted (`given/`).
 * @param {string} folder in the repository, so that packages are found; is emptied
 * @param {readonly import("./blocks.mjs").Block[]} blocks
 * @returns {Promise<string[]>} what is wrong, by page and line
 */
export async function compileBlocks(folder, blocks) {
  const { files, flaws } = writeBlocks(folder, blocks);
  for (const name of readdirSync(GIVEN))
    copyFileSync(join(GIVEN, name), join(folder, name.replace(/\.txt$/, "")));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(CONFIG));
  const output = await runTsc(folder);
  const found = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("npm warn"))
    .map((line) => placed(line, files));
  return [...flaws, ...found];
}

/** An error of the compiler, at its place on the page. */
function placed(line, files) {
  const [, name, at, rest] = /([\w.-]+)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
  const found = files.get(name);
  return found ? `${found.block.page}:${found.block.line + Number(at) - 1 - found.before}: ${rest}` : line;
}

function runTsc(project) {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, "--pretty", "false", "-p", project],
      { maxBuffer: 2 ** 26 },
      (_, stdout) => resolve(stdout),
    );
  });
}
