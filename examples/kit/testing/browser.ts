import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page of one person, and what went wrong in it. */
export interface Window {
  readonly page: Page;
  /** Uncaught errors, and what the content policy refused. */
  readonly faults: readonly string[];
  /** Whether the page has not been loaded anew since it was opened. */
  isUntouched(): Promise<boolean>;
}

/** Opens a window of its own, with cookies of its own, and signs the person in whom the sign-in page calls so. */
export async function openWindow(
  browser: Browser,
  where: { readonly url: string; readonly name: string },
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
  await page.getByRole("button", { name: where.name }).click();
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  return {
    page,
    faults,
    isUntouched: () => page.evaluate(() => (window as unknown as { untouched?: boolean }).untouched === true),
  };
}
