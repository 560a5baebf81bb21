import { readFileSync } from "node:fs";

/** The version of this package; `"unknown"` where its package.json is not beside the code, as in a bundle. */
export function ownVersion(): string {
  try {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { name, version } = JSON.parse(text) as { readonly name?: unknown; readonly version?: unknown };
    return name === "livecache" && typeof version === "string" ? version : "unknown";
  } catch {
    return "unknown";
  }
}
