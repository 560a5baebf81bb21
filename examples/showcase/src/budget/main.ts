import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort, openBrowser, until } from "@livecache/rig";

// npm run budget -w showcase [-- --within 60]: how long it takes from `npm start` until two windows of one browser update each other. The
// last line is one JSON object; the exit code says whether it was within the budget.

const START = fileURLToPath(new URL("../../../../tools/setup/start.mjs", import.meta.url));
const USUAL_SECONDS = 60;

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof openBrowser>>["newPage"]>>;

function readWithin(args: readonly string[]): number {
  const at = args.indexOf("--within");
  const seconds = at === -1 ? USUAL_SECONDS : Number(args[at + 1]);
  if (!(seconds > 0)) throw new Error(`--within: expected seconds, received "${args[at + 1]}".`);
  return seconds;
}

async function sit(page: Page, port: number, seat: string): Promise<void> {
  await page.goto(`http://${seat}.hostel.localhost:${port}/~enter`);
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
}

/** Reports something in one window, and waits until the other shows it. */
async function writeAndWatch(left: Page, right: Page): Promise<void> {
  await left.getByRole("button", { name: "Report an issue" }).click();
  await left.getByLabel("What is wrong?").fill("The clock is running");
  await left.getByLabel("Where?").fill("Yard");
  await left.getByRole("button", { name: "Report it" }).click();
  await right.getByRole("link", { name: "The clock is running", exact: true }).waitFor();
}

async function measure(within: number): Promise<boolean> {
  const port = await freePort();
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
  const env = { ...process.env, PORT: `${port}`, DATA_DIR: "memory://" };
  const child = spawn(process.execPath, [START], { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  try {
    const isOver = (): boolean => child.exitCode !== null;
    await until(() => isOver() || output.includes("ready http://"), {
      what: "it is ready",
      withinMs: 600_000,
    });
    if (isOver()) throw new Error(`npm start ended with ${child.exitCode}`);
    const readySeconds = seconds();
    const browser = await openBrowser();
    const context = await browser.newContext();
    const [left, right] = [await context.newPage(), await context.newPage()];
    await Promise.all([sit(left, port, "asha"), sit(right, port, "grace")]);
    await writeAndWatch(left, right);
    const twoWindowsSeconds = seconds();
    await browser.close();
    const isWithin = twoWindowsSeconds <= within;
    console.log(JSON.stringify({ readySeconds, twoWindowsSeconds, within, isWithin }));
    return isWithin;
  } finally {
    child.kill("SIGTERM");
  }
}

process.exitCode = (await measure(readWithin(process.argv.slice(2)))) ? 0 : 1;
