import type { ServersParts, Servers } from "./servers.ts";
import { openSingle } from "./single.ts";

/** Opens connections to the servers at an address. They are made in the background. */
export function openServers(parts: ServersParts): Servers {
  const { where } = parts.settings;
  if (where.kind !== "standalone") throw new Error(where.kind);
  return openSingle(parts, {
    locate: () => where.server,
    greet: async () => undefined,
    isReplicated: false,
    onMoved: () => undefined,
  });
}
