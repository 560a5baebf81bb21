import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FILES, addedLines, readVersion } from "./fixture-app/added-lines.ts";
import { runCommand } from "./run-command.ts";

/** A copy of the application as it was, with a package.json. */
async function copyOf(
  manifest: object = { type: "module", dependencies: { express: "^5.0.0" } },
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-init-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(fileURLToPath(new URL("fixture-app/before", import.meta.url)), folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

const serverOf = (folder: string): Promise<string> => readFile(join(folder, "server.js"), "utf8");

test("an existing application becomes live with at most 20 changed lines", async () => {
  const added: string[] = [];
  for (const file of FILES)
    added.push(...addedLines(await readVersion("before", file), await readVersion("after", file)));
  expect(added.length).toBeGreaterThan(10);
  expect(added.length).toBeLessThanOrEqual(20);
});

test("init writes its part of them, and nothing else", async () => {
  const folder = await copyOf();
  const before = await serverOf(folder);
  const ran = await runCommand(["init", "--no-install"], { cwd: folder });
  expect(ran).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringMatching(/✓ written to server\.js[\s\S]*npm install livecache socket\.io/),
  });
  const after = await serverOf(folder);
  const [written, wanted] = [
    addedLines(before, after),
    addedLines(before, await readVersion("after", "server.js")),
  ];
  expect(written).toHaveLength(9);
  expect(wanted).toEqual(expect.arrayContaining(written));
  expect(addedLines(after, before)).toEqual(["app.listen(process.env.PORT ?? 3000, function listening() {"]);
  const again = await runCommand(["init", "--no-install"], { cwd: folder });
  expect(again).toMatchObject({
    code: 0,
    out: expect.stringMatching(/uses Livecache already\. Nothing was changed/),
  });
  expect(await serverOf(folder)).toBe(after);
});

test("a file with carriage returns keeps them", async () => {
  const folder = await copyOf();
  await writeFile(join(folder, "server.js"), (await serverOf(folder)).replaceAll("\n", "\r\n"));
  expect(await runCommand(["init", "--no-install"], { cwd: folder })).toMatchObject({ code: 0 });
  const after = await serverOf(folder);
  expect(after).toContain("\r\nconst live = createLive();\r\n");
  expect(after.replaceAll("\r\n", "")).not.toContain("\n");
});

test("with --dry-run the difference is shown, and nothing changed", async () => {
  const folder = await copyOf();
  const before = await serverOf(folder);
  const ran = await runCommand(["init", folder, "--dry-run"]);
  expect(ran.out).toMatch(/^--- a\/server\.js\n\+\+\+ b\/server\.js\n@@ -1,\d+ \+1,\d+ @@/);
  expect(ran.out).toMatch(/\+const live = createLive\(\);[\s\S]*Nothing was changed: --dry-run/);
  const json = (await runCommand(["init", folder, "--dry-run", "--json"])).json();
  expect(json).toMatchObject({
    file: "server.js",
    state: "dry-run",
    install: "npm install livecache socket.io",
    routes: ["/api/items"],
    byHand: [],
  });
  expect(await serverOf(folder)).toBe(before);
});

test("the package manager is the one whose lock file is there, and what is installed is not installed again", async () => {
  const folder = await copyOf({ dependencies: { express: "5", "socket.io": "4" } });
  await writeFile(join(folder, "pnpm-lock.yaml"), "");
  const { install } = (await runCommand(["init", folder, "--dry-run", "--json"])).json();
  expect(install).toBe("pnpm add livecache");
});

test("where it is not clear nothing is changed, and it is said what to write where", async () => {
  const folder = await copyOf();
  const text = (await serverOf(folder)).replace("app.listen", "start(app).listen");
  await writeFile(join(folder, "server.js"), text);
  const ran = await runCommand(["init", "--no-install"], { cwd: folder });
  expect(ran).toMatchObject({
    code: 1,
    out: expect.stringMatching(
      /Nothing was changed[\s\S]*behind the last route:\n +app\.use\(liveErrors\(\)\);/,
    ),
  });
  expect(await serverOf(folder)).toBe(text);
});

test("what is no Express application, or too many of them, is said", async () => {
  const other = await copyOf({ dependencies: { fastify: "5" } });
  expect(await runCommand(["init", other])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/names no express/),
  });
  const two = await copyOf();
  await writeFile(join(two, "second.js"), "const app = express();\n");
  expect(await runCommand(["init", two])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/second\.js.*--app/),
  });
  expect(await runCommand(["init", two, "--app", "none.js"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no file none\.js/),
  });
  expect(await runCommand(["init", join(two, "web")])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/cannot be read/),
  });
  const empty = await copyOf();
  await writeFile(join(empty, "server.js"), "console.log(1)\n");
  expect(await runCommand(["init", empty])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/has `express\(\)` in it/),
  });
});
