import type { BrowserContext, Page } from "playwright-core";

/** The window of somebody at a seat. */
export interface SeatWindow {
  readonly page: Page;
  /** Uncaught errors. */
  readonly faults: readonly string[];
  /** Whether it has not been loaded anew since it was live. */
  isUntouched(): Promise<boolean>;
}

/** Opens a seat in a window of the same browser, by its link. Resolves when it is live. */
export async function takeSeat(context: BrowserContext, url: string, seat: string): Promise<SeatWindow> {
  const page = await context.newPage();
  await page.goto(`http://${seat}.localhost:${new URL(url).port}/~enter`);
  return seatOn(page);
}

/** Waits until a window is live. */
export async function seatOn(page: Page): Promise<SeatWindow> {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  return {
    page,
    faults,
    isUntouched: () => page.evaluate(() => (window as unknown as { untouched?: boolean }).untouched === true),
  };
}

/** Reports an issue in Hostel Desk. Resolves when the server has answered. */
export async function report({ page }: SeatWindow, title: string): Promise<void> {
  await page.getByRole("button", { name: "Report an issue" }).click();
  await page.getByLabel("What is wrong?").fill(title);
  await page.getByLabel("Where?").fill("Common room");
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Report it" }).click();
  await answered;
}

/** The row of an issue in the list of Hostel Desk. */
export function row({ page }: SeatWindow, title: string) {
  return page.getByRole("listitem").filter({ has: page.getByRole("link", { name: title, exact: true }) });
}
