import type { Browser } from "playwright-core";

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
export async function openBrowser(): Promise<Browser> {
  // Loaded here, because most tests that use the rig open no browser.
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: FLAGS });
}
