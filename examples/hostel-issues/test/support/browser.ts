import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the machine's Chromium (`CHROMIUM` when it is somewhere else). */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
}

/** A page of one person, and what went wrong in it. */
export interface Window {
  readonly page: Page;
  /** Uncaught errors, and what the content policy refused. */
  readonly faults: readonly string[];
  /** Whether the page has not been loaded anew since it was opened. */
  isUntouched(): Promise<boolean>;
}

/** Opens a window of its own, with cookies of its own, and signs a person in. */
export async function openWindow(
  browser: Browser,
  where: { readonly url: string; readonly personId: string },
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) faults.push(message.text());
  });
  await page.goto(where.url);
  const { name } = DEMO_PEOPLE.find(({ id }) => id === where.personId)!;
  await page.getByRole("button", { name }).click();
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  return {
    page,
    faults,
    isUntouched: () => page.evaluate(() => (window as unknown as { untouched?: boolean }).untouched === true),
  };
}

/** Reports an issue through the form. Resolves when the server has answered. */
export async function reportIssue(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "Report an issue" }).click();
  await page.getByLabel("What is wrong?").fill(title);
  await page.getByLabel("Where?").fill("Common room");
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Report it" }).click();
  await answered;
}

/** The number on a tile of the dashboard, as screen readers read it. */
export async function figure(page: Page, kind: "open" | "in_progress" | "resolved"): Promise<number> {
  // Waits for the dashboard, if it is not there yet.
  return Number(await page.locator(`[data-figure="${kind}"] .visually-hidden`).textContent());
}

/** The row of an issue in the list. */
export function row(page: Page, title: string) {
  return page.getByRole("listitem").filter({ has: page.getByRole("link", { name: title, exact: true }) });
}
