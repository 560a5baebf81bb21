import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ExhibitsAnswer } from "../src/answers.ts";
import { ask, startShowcase } from "./support/start-showcase.ts";

async function folderHeldByUs(name: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "showcase-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  await mkdir(join(dataDir, name));
  await writeFile(join(dataDir, name, "process.lock"), `${process.pid}`);
  return dataDir;
}

test("when one application cannot open, the page says why, and the others run; SIGTERM ends all in good order", async () => {
  const dataDir = await folderHeldByUs("parts");
  const showcase = await startShowcase("main", { DATA_DIR: dataDir, APPLICATIONS: "hostel,parts" });
  onTestFinished(() => showcase.kill());
  const { exhibits } = JSON.parse(
    (await ask(showcase.url, { path: "/api/exhibits" })).text,
  ) as ExhibitsAnswer;
  expect(exhibits).toMatchObject([
    { name: "hostel", people: expect.arrayContaining([{ seat: "asha", name: "Asha Verma" }]) },
    { name: "parts", port: 0, people: [], failure: expect.stringMatching(/in use by process/) },
  ]);
  const [hostel, parts] = await Promise.all([
    ask(showcase.url, { path: "/health", host: "hostel.localhost" }),
    ask(showcase.url, { path: "/", host: "parts.localhost" }),
  ]);
  expect([hostel.status, parts.status]).toEqual([200, 503]);
  expect(parts.text).toMatch(/in use by process/);
  expect([await showcase.stop(), showcase.errors()]).toEqual([0, ""]);
});

test("when none can open, it says why and ends", async () => {
  const dataDir = await folderHeldByUs("hostel");
  await expect(startShowcase("main", { DATA_DIR: dataDir, APPLICATIONS: "hostel" })).rejects.toThrow(
    /ended: No application runs:[^]*in use by process/,
  );
});
