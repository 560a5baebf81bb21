import { createRequire } from "node:module";
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

/** The version of a package as Socket.IO would load it. */
function installedVersion(name: string): string | undefined {
  try {
    const server = createRequire(createRequire(import.meta.url).resolve("socket.io/package.json"));
    // Not every one of them lets its package.json be asked for by name.
    const folders = server.resolve.paths(name) ?? [];
    for (const folder of name === "socket.io" ? folders.slice(0, 0) : folders) {
      const found = readVersion(server, `${folder}/${name}/package.json`);
      if (found !== undefined) return found;
    }
    return readVersion(server, `${name}/package.json`);
  } catch {
    return undefined;
  }
}

function readVersion(from: NodeJS.Require, at: string): string | undefined {
  try {
    const { version } = from(at) as { readonly version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
