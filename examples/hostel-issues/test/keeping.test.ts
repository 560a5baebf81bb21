import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { IssuesAnswer } from "../src/answers.ts";
import { visitorWith } from "example-kit/visitor";
import { anIssue, startHere, visit } from "./support/visitor.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hostel-issues-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function open(dataDir: string) {
  return startHere({ dataDir });
}

test("a restart keeps the data and signs nobody out", async () => {
  const dataDir = await temporaryFolder();
  const first = await open(dataDir);
  const asha = await visit(first.url, "asha");
  await asha.send("POST /api/issues", anIssue("Still there tomorrow"));
  await first.close();
  const second = await open(dataDir);
  onTestFinished(() => second.close());
  const list = await visitorWith(second.url, asha.cookie).get("/api/hostels/aspen/issues");
  const { issues } = (await list.json()) as IssuesAnswer;
  expect(issues[0]!.title).toBe("Still there tomorrow");
});

test("a folder that a running process holds is not opened twice", async () => {
  const dataDir = await temporaryFolder();
  const first = await open(dataDir);
  onTestFinished(() => first.close());
  const lock = join(dataDir, "process.lock");
  const own = await readFile(lock, "utf8");
  await writeFile(lock, String(process.ppid));
  await expect(open(dataDir)).rejects.toThrow(`is in use by process ${process.ppid}`);
  await writeFile(lock, own);
});

test("the claim of a process that is gone is taken over", async () => {
  const dataDir = await temporaryFolder();
  const lock = join(dataDir, "process.lock");
  await writeFile(lock, "2147483646");
  const server = await open(dataDir);
  expect(await readFile(lock, "utf8")).toBe(String(process.pid));
  await server.close();
});
