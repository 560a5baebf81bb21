import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";

const PAGE = new URL("../../../../docs/reference/wire-protocol.md", import.meta.url);
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** The code block of the page that contains `mark`. */
function block(mark: string): string {
  const blocks = readFileSync(PAGE, "utf8").matchAll(/^```\w+\n(.*?)^```/gms);
  return [...blocks].map(([, code]) => code!).find((code) => code.includes(mark))!;
}

/** Runs a program as somebody would who has copied it, and answers what it prints. */
function run(program: string, env: Record<string, string>): { readonly output: string } {
  const child = spawn(process.execPath, ["--input-type=module"], {
    cwd: PACKAGE,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(program);
  const running = { output: "" };
  child.stdout.on("data", (chunk) => (running.output += chunk));
  onTestFinished(() => void child.kill("SIGKILL"));
  return running;
}

async function freePort(): Promise<string> {
  const probe = createServer().listen(0);
  await vi.waitUntil(() => probe.listening);
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}

test("the conversation on the protocol page runs, and prints what the page says", async () => {
  const PORT = await freePort();
  const URL = `http://localhost:${PORT}`;
  run(block("// server.mjs"), { PORT });
  await vi.waitUntil(
    () =>
      fetch(`${URL}/issues`).then(
        () => true,
        () => false,
      ),
    { timeout: 20_000 },
  );
  const client = run(block("// client.mjs"), { URL });
  const expected = block("new issue: Tap drips\n");
  await vi.waitUntil(() => client.output.includes("joined"), { timeout: 20_000 });
  const post = () =>
    fetch(`${URL}/issues`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "Tap drips" }),
    });
  expect((await post()).status).toBe(201);
  await expect.poll(() => client.output, { timeout: 20_000 }).toBe(expected);
});
