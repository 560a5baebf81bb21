import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const MODULE = new URL("../dist/at-exit.js", import.meta.url).href;

/** What a process has said when it has ended. */
function said(code: string): string {
  const script = `import { atExit } from ${JSON.stringify(MODULE)};\n${code}`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
}

test("what is left is ended when the process exits, and what was called off is not", () => {
  const code = `
    const off = ["a", "b", "c"].map((name) => atExit(() => console.log(name)));
    off[1]();
    process.exit(0);`;
  expect(said(code)).toBe("a\nc\n");
});

test("however many there are, they are one listener", () => {
  const code = `
    const before = process.listenerCount("exit");
    for (let count = 0; count < 50; count++) atExit(() => undefined);
    console.log(process.listenerCount("exit") - before);`;
  expect(said(code)).toBe("1\n");
});
