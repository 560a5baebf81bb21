import type { BrowserContextOptions, Page } from "playwright-core";

export const DESKTOP: BrowserContextOptions = {
  viewport: { width: 1280, height: 860 },
  colorScheme: "light",
};
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  colorScheme: "dark",
  hasTouch: true,
  isMobile: true,
};

/** The figure of a tile, as screen readers read it. Waits for the tile, if it is not there yet. */
export async function stat(page: Page, kind: string): Promise<string> {
  return (await page.locator(`[data-figure="${kind}"] .visually-hidden`).textContent()) ?? "";
}

/** Logs a workout through the form. Resolves when the server has answered. */
export async function logWorkout(page: Page, title: string, weightKg: number): Promise<void> {
  await page.getByRole("button", { name: "Log a workout" }).click();
  await page.getByLabel("What was it?").fill(title);
  await page.getByLabel("Exercise 1").selectOption("squat");
  await page.getByLabel("Weight, kg", { exact: true }).fill(String(weightKg));
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Finish workout" }).click();
  await answered;
}
