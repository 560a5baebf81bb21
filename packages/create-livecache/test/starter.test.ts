import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runStarter } from "../src/run-starter.ts";
import { createApplication, emptyFolder, linkPackages, startServer } from "./new-application.ts";

test("an application is created, and three commands are told", async () => {
  const cwd = await emptyFolder();
  const { code, out, err } = await createApplication(cwd, "my-app", "--template", "express-react", "--yes");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /my-app is there \(express-react\)\. Next:\n\n {2}cd my-app\n {2}npm install\n {2}npm run dev\n/,
  );
  const names = await readdir(join(cwd, "my-app"));
  expect(names).toEqual(
    expect.arrayContaining([".gitignore", "README.md", "package.json", "server.ts", "web"]),
  );
  expect(names).not.toContain("AGENTS.md");
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  const manifest = JSON.parse(await readFile(join(cwd, "my-app/package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "my-app", dependencies: { livecache: `^${version}` } });
  expect(await readFile(join(cwd, "my-app/README.md"), "utf8")).toMatch(/^# my-app\n/);
});

test("notes for agents come when they are asked for; without a template there is React", async () => {
  const cwd = await emptyFolder();
  expect((await createApplication(cwd, "my-app", "--agents")).code).toBe(0);
  expect(await readFile(join(cwd, "my-app/AGENTS.md"), "utf8")).toMatch(/live\.change/);
  expect(await readdir(join(cwd, "my-app"))).toContain("vite.config.js");
});

test("a folder with something in it is refused, and left as it is", async () => {
  const cwd = await emptyFolder();
  await mkdir(join(cwd, "my-app"));
  await writeFile(join(cwd, "my-app/notes.txt"), "mine");
  const { code, err } = await createApplication(cwd, "my-app", "--yes");
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/my-app is not empty \(notes\.txt\).*Nothing was written/),
  ]);
  expect(await readdir(join(cwd, "my-app"))).toEqual(["notes.txt"]);
  await mkdir(join(cwd, "fresh/.git"), { recursive: true });
  expect((await createApplication(join(cwd, "fresh"), ".", "--yes", "--template", "express")).code).toBe(0);
  await writeFile(join(cwd, "file"), "");
  expect(await createApplication(cwd, "file")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/is a file/),
  });
});

test.each([
  [["My App"], /expected small letters.*received "My App"\. How about my-app\?/],
  [["../Über"], /received "Über"\. How about ber\?/],
  [["node_modules"], /received "node_modules"/],
  [["a", "b"], /Expected one folder, received a and b/],
  [["a", "--template", "vue"], /--template: expected express-react or express, received "vue"/],
  [["a", "--colour"], /--colour/],
  [[], /Say where: npm create livecache@latest my-app/],
] as const)("%j is refused with exit code 2", async (args, words) => {
  const cwd = await emptyFolder();
  expect(await createApplication(cwd, ...args)).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(words),
  });
  expect(await readdir(cwd)).toEqual([]);
});

test("help and version are told", async () => {
  const cwd = await emptyFolder();
  expect(await createApplication(cwd, "--help")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/--template <name>/),
  });
  expect(await createApplication(cwd, "--version")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test("at a terminal it asks for what was left open", async () => {
  const cwd = await emptyFolder();
  const asked: string[] = [];
  const answers = ["asked-for", "2"];
  const out: string[] = [];
  const parts = {
    out: (text: string) => void out.push(text),
    err: () => undefined,
    env: { npm_config_user_agent: "pnpm/9.1.0" },
    cwd,
  };
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    return answers.shift()!;
  };
  expect(await runStarter([], { ...parts, ask })).toBe(0);
  expect(asked).toEqual([
    expect.stringMatching(/^Name/),
    expect.stringMatching(/1 express-react: .*\n {2}2 express: /),
  ]);
  expect(out.join("")).toMatch(/asked-for is there \(express\)[\s\S]*pnpm install/);
  expect(await runStarter(["other"], { ...parts, ask: async () => "7" })).toBe(2);
});

test("in development the server answers with its pages and its list", async () => {
  const cwd = await emptyFolder();
  await createApplication(cwd, "my-app", "--yes");
  const folder = join(cwd, "my-app");
  await linkPackages(folder);
  const url = await startServer(folder, "dev.js");
  expect(await (await fetch(url, { headers: { accept: "text/html" } })).text()).toContain("/@vite/client");
  expect(await (await fetch(`${url}/api/items`)).json()).toHaveLength(3);
});
