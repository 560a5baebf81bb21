import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { LiveError } from "@livecache/wire";

/** The oldest versions without a known way to end, fill or slow the process with one packet. */
export const VERSION_FLOOR: Readonly<Record<string, string>> = {
  "socket.io": "4.8.4",
  "socket.io-parser": "4.2.7",
  "engine.io": "6.6.7",
  ws: "8.21.0",
};

/**
 * Compares what is installed with {@link VERSION_FLOOR}. What cannot be found out, because the application was bundled, passes.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the package and how to update it
 */
export function refuseOldVersions(versionOf: (name: string) => string | undefined = installedVersion): void {
  for (const [name, oldest] of Object.entries(VERSION_FLOOR)) {
    const version = versionOf(name);
    if (version === undefined || !isOlder(version, oldest)) continue;
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `attach: expected ${name} ${oldest} or newer, received ${version}, which has known holes. Run: npm update ${Object.keys(VERSION_FLOOR).join(" ")}`,
      { details: { package: name, version } },
    );
  }
}

/** Whether a version comes before another, both as `major.minor.patch`. A version of another form is not older. */
export function isOlder(version: string, than: string): boolean {
  const [parts, others] = [version, than].map((text) =>
    /^(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number),
  );
  if (!parts || !others) return false;
  const index = parts.findIndex((part, place) => part !== others[place]);
  return index !== -1 && parts[index]! < others[index]!;
}

/** The version of a package as Socket.IO would load it; `undefined` when that cannot be found out. */
export function installedVersion(name: string): string | undefined {
  try {
    const socketIo = createRequire(import.meta.url).resolve("socket.io/package.json");
    if (name === "socket.io") return readVersion(socketIo);
    // Asked by path, because not each of them lets its package.json be asked for by name.
    const folders = createRequire(socketIo).resolve.paths(name) ?? [];
    const found = folders
      .map((folder) => join(folder, name, "package.json"))
      .find((path) => existsSync(path));
    return found === undefined ? undefined : readVersion(found);
  } catch {
    return undefined;
  }
}

function readVersion(path: string): string | undefined {
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { readonly version?: unknown };
  return typeof version === "string" ? version : undefined;
}
