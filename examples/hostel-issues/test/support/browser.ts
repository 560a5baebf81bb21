import { openWindow as openAny } from "example-kit/testing/browser.ts";
import type { Window } from "example-kit/testing/browser.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { DEMO_PEOPLE } from "../../src/demo-people.ts";

/** Opens a window of its own, with cookies of its own, and signs one of the demonstration's people in. */
export function openWindow(
  browser: Browser,
  where: { readonly url: string; readonly personId: string },
  options: BrowserContextOptions = {},
): Promise<Window> {
  const { name } = DEMO_PEOPLE.find(({ id }) => id === where.personId)!;
  return openAny(browser, { url: where.url, name }, options);
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
