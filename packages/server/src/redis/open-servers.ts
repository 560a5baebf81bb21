import { LiveError } from "@livecache/wire";
import { openCluster } from "./cluster.ts";
import { openSentinels } from "./sentinels.ts";
import { readHello } from "./server-check.ts";
import type { Servers, ServersParts } from "./servers.ts";
import { openSingle } from "./single.ts";
import type { Wire } from "./wire.ts";

/** Opens connections to the servers at an address. They are made in the background. */
export function openServers(parts: ServersParts): Servers {
  const { where } = parts.settings;
  if (where.kind === "standalone") {
    return openSingle(parts, {
      locate: () => where.server,
      greet: async () => undefined,
      isReplicated: false,
      onMoved: () => undefined,
    });
  }
  if (where.kind === "cluster") return openCluster(parts, where);
  const { locate, confirm, onMoved } = openSentinels({ ...parts, where });
  const greet = async (wire: Wire): Promise<void> => {
    await greetPrimary(wire);
    await confirm(wire.endpoint);
  };
  return openSingle(parts, { locate, onMoved, greet, isReplicated: true });
}

/** A server that the Sentinels name may have become a replica since, or not be the primary yet: then they are asked again. */
async function greetPrimary({ send, endpoint }: Wire): Promise<void> {
  const { role } = await readHello(send);
  if (role === "master") return;
  const message = `${endpoint.host}:${endpoint.port} is a ${role}, not the primary; the Sentinels are asked again`;
  throw new LiveError("LIVE_GROUND_AWAY", message);
}
