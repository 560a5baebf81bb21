import { shownOf } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import type { RedisSettings } from "./options.ts";

/** The options of a ground as operators may see them. */
export function shownSettings(settings: RedisSettings): Readonly<Record<string, string | number | boolean>> {
  const { where, database, prefix, commandTimeoutMs, connectTimeoutMs, maxInFlight, evictionAllowed } =
    settings;
  const { username, password, tls } = where.kind === "standalone" ? where.server.access : where.access;
  return {
    topology: where.kind,
    address: endpointsOf(where).map(shownOf).join(","),
    prefix,
    database,
    user: username ?? "default",
    password: password === undefined ? "none" : "***",
    tls: tls !== undefined,
    ...{ commandTimeoutMs, connectTimeoutMs, maxInFlight, evictionAllowed },
  };
}

function endpointsOf(where: RedisSettings["where"]): readonly Endpoint[] {
  if (where.kind === "standalone") return [where.server];
  return where.kind === "sentinel" ? where.sentinels : where.seeds;
}
