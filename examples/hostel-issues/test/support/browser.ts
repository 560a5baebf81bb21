import type { Page } from "playwright-core";

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

/** Waits for the code of channels, which a page asks the server for a moment after everything else. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("/channel-code")),
  );
}
