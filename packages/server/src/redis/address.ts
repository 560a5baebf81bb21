import { isIPv6 } from "node:net";
import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import type { Access, Endpoint, HostPort, NatMap, TlsSettings, TlsText, Whereabouts } from "./endpoint.ts";

/** Own certificates. `true` stands for those that the system trusts. */
export interface RedisTls {
  /** Certificates of those who sign for the server, in PEM. */
  readonly ca?: TlsText;
  /** Our own certificate and its key, in PEM; where the server asks for one. */
  readonly cert?: TlsText;
  readonly key?: TlsText;
  /** Name in the server's certificate, where it is not the host. */
  readonly servername?: string;
}

/** One server that is not part of a cluster. */
export interface RedisServerAddress {
  /** Default `"localhost"`. */
  readonly host?: string;
  /** Default 6379. */
  readonly port?: number;
  /** An ACL user. Default: the user `default`. */
  readonly username?: string;
  readonly password?: string;
  /** Number of the database. Default 0. */
  readonly database?: number;
  /** Default `false`. */
  readonly tls?: boolean | RedisTls;
}

/** A primary that Sentinels watch over. */
export interface RedisSentinelAddress extends Pick<
  RedisServerAddress,
  "username" | "password" | "database" | "tls"
> {
  /** One to 32 Sentinels. Port 26379 where none is given. `tls` counts for them too. */
  readonly sentinels: readonly Partial<HostPort>[];
  /** Name by which they know the primary. Default `"mymaster"`. */
  readonly name?: string;
  /** What the Sentinels themselves ask for, if they do. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** Where servers are reached from here, by the `host:port` that the Sentinels tell. */
  readonly natMap?: Readonly<Record<string, HostPort>>;
}

/** A cluster. It has only the database 0. */
export interface RedisClusterAddress extends Pick<RedisServerAddress, "username" | "password" | "tls"> {
  /** One to 32 of its nodes; the others are asked for. */
  readonly cluster: readonly Partial<HostPort>[];
  /** Where nodes are reached from here, by the `host:port` that the cluster tells. */
  readonly natMap?: Readonly<Record<string, HostPort>>;
}

/** Where Redis is: `redis://user:password@host:6379/0`, `rediss://` with TLS, or an object. */
export type RedisAddress = string | RedisServerAddress | RedisSentinelAddress | RedisClusterAddress;

const HOST = /^[^\s/@:]{1,255}$/;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const MOST_PORT = 65_535;
const MOST_DATABASE = 99_999;
/** Most addresses in a list: they are all asked at once. */
const MOST_LISTED = 32;
const MOST_MAPPED = 1_000;

const SERVER_FIELDS = ["host", "port", "username", "password", "database", "tls"];
const SENTINEL_FIELDS = [
  ...["sentinels", "name", "username", "password", "database", "tls"],
  ...["sentinelUsername", "sentinelPassword", "natMap"],
];
const CLUSTER_FIELDS = ["cluster", "username", "password", "tls", "natMap"];

/**
 * Reads an address. What was received may hold a password, so no text of it is ever shown.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the field, what was received and what was expected
 */
export function readAddress(address: unknown): Whereabouts {
  if (typeof address === "string") return { kind: "standalone", server: readUrl(address) };
  if (typeof address !== "object" || address === null || Array.isArray(address)) {
    throw badAddress(Array.isArray(address) ? "a list" : String(address === null ? null : typeof address));
  }
  if ("sentinels" in address && "cluster" in address) {
    throw badAddress('both "sentinels" and "cluster"; a ground has one of them');
  }
  if ("sentinels" in address) return readSentinel(address as Record<string, unknown>);
  if ("cluster" in address) return readCluster(address as Record<string, unknown>);
  refuseUnknown("openRedis", address, SERVER_FIELDS);
  const given = address as Record<string, unknown>;
  return {
    kind: "standalone",
    server: { ...readHostPort("openRedis", given, REDIS_PORT), access: readAccess(given) },
  };
}

function readSentinel(given: Record<string, unknown>): Whereabouts {
  refuseUnknown("openRedis", given, SENTINEL_FIELDS);
  const { name = "mymaster" } = given;
  if (typeof name !== "string" || !/^\S{1,200}$/.test(name)) {
    throw invalidOption("openRedis: name", "the name by which the Sentinels know the primary", name);
  }
  const access = readAccess(given);
  const ofSentinels = {
    username: readSecret("sentinelUsername", given["sentinelUsername"]),
    password: readSecret("sentinelPassword", given["sentinelPassword"]),
    database: 0,
    tls: access.tls,
  };
  const sentinels = readList("sentinels", given["sentinels"], SENTINEL_PORT);
  return {
    kind: "sentinel",
    name,
    sentinels: sentinels.map((place) => ({ ...place, access: ofSentinels })),
    access,
    natMap: readNatMap(given["natMap"]),
  };
}

function readCluster(given: Record<string, unknown>): Whereabouts {
  if (given["database"] !== undefined) {
    throw invalidOption(
      "openRedis: database",
      "none: a cluster has only the database 0; use `prefix`",
      "a number",
    );
  }
  refuseUnknown("openRedis", given, CLUSTER_FIELDS);
  const access = readAccess(given);
  const seeds = readList("cluster", given["cluster"], REDIS_PORT).map((place) => ({ ...place, access }));
  return { kind: "cluster", seeds, access, natMap: readNatMap(given["natMap"]) };
}

/** Reads an address in one line. Signs of a password that mean something in it stand percent-encoded. */
function readUrl(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !/^rediss?:$/.test(url.protocol) ||
    url.hostname === "" ||
    url.search !== "" ||
    url.hash !== ""
  ) {
    throw badAddress("another text (not shown: it may hold a password)");
  }
  const database = url.pathname.replace(/^\//, "");
  if (!/^\d{0,5}$/.test(database)) throw badAddress("another text (not shown: it may hold a password)");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? REDIS_PORT : Number(url.port),
    access: {
      username: decoded(url.username),
      password: decoded(url.password),
      database: Number(database),
      tls: url.protocol === "rediss:" ? {} : undefined,
    },
  };
}

function decoded(text: string): string | undefined {
  try {
    return text === "" ? undefined : decodeURIComponent(text);
  } catch {
    throw badAddress("a user or password with a percent sign that encodes nothing (write it as %25)");
  }
}

function badAddress(received: string): LiveError {
  return new LiveError(
    "LIVE_OPTIONS_INVALID",
    "openRedis: expected an address such as redis://localhost:6379 or rediss://user:password@host:6380/2 " +
      '(signs of a password like "#" and "/" percent-encoded), { host, port, password, tls }, { sentinels: [{ host, port }], name } ' +
      `or { cluster: [{ host, port }] }, received ${received}.`,
    { details: { option: "address" } },
  );
}

function readAccess(given: Record<string, unknown>): Access {
  const { database = 0 } = given;
  const username = readSecret("username", given["username"]);
  const password = readSecret("password", given["password"]);
  if (username !== undefined && password === undefined) {
    throw invalidOption("openRedis: password", "a text beside `username`", undefined);
  }
  return {
    username,
    password,
    database: wholeNumber("openRedis: database", database, [0, MOST_DATABASE]),
    tls: readTls(given["tls"]),
  };
}

/** What is given may be the password at the wrong place: only its type is told. */
function readSecret(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw invalidOption(`openRedis: ${name}`, "a text that is not empty", value === "" ? "" : typeof value);
}

function readHostPort(what: string, given: Record<string, unknown>, usual: number): HostPort {
  const { host = "localhost", port = usual } = given;
  if (typeof host !== "string" || !(isIPv6(host) || HOST.test(host))) {
    const received = typeof host === "string" ? "another text (not shown: it may hold a password)" : host;
    throw invalidOption(`${what}: host`, "a host name or an IP address, without port", received);
  }
  return { host, port: wholeNumber(`${what}: port`, port, [1, MOST_PORT]) };
}

function readList(name: string, value: unknown, usual: number): HostPort[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_LISTED) {
    const received = Array.isArray(value) ? `a list of ${value.length}` : typeof value;
    throw invalidOption(`openRedis: ${name}`, `a list of 1 to ${MOST_LISTED} { host, port }`, received);
  }
  return value.map((place: unknown, index) => {
    const what = `openRedis: ${name}[${index}]`;
    if (typeof place === "string") {
      throw invalidOption(what, "{ host, port }", "a text (not shown: it may hold a password)");
    }
    refuseUnknown(what, place, ["host", "port"]);
    return readHostPort(what, place as Record<string, unknown>, usual);
  });
}

function readNatMap(value: unknown): NatMap {
  if (value === undefined) return new Map();
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidOption("openRedis: natMap", 'an object from "host:port" to { host, port }', typeof value);
  }
  const places = Object.entries(value as Record<string, unknown>);
  if (places.length > MOST_MAPPED) {
    throw invalidOption("openRedis: natMap", `at most ${MOST_MAPPED} addresses`, places.length);
  }
  return new Map(
    places.map(([told, place]) => {
      const what = `openRedis: natMap["${told}"]`;
      if (!/:\d{1,5}$/.test(told)) throw invalidOption(what, 'a name such as "10.0.0.1:6379"', told);
      refuseUnknown(what, place, ["host", "port"]);
      return [told, readHostPort(what, place as Record<string, unknown>, REDIS_PORT)] as const;
    }),
  );
}

function readTls(value: unknown): TlsSettings | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidOption("openRedis: tls", "true or { ca, cert, key, servername }", typeof value);
  }
  refuseUnknown("openRedis: tls", value, ["ca", "cert", "key", "servername"]);
  const { ca, cert, key, servername } = value as Record<string, unknown>;
  if ((cert === undefined) !== (key === undefined)) {
    throw invalidOption("openRedis: tls", "`cert` and `key` together", cert === undefined ? "key" : "cert");
  }
  if (servername !== undefined && (typeof servername !== "string" || servername === "")) {
    throw invalidOption("openRedis: tls.servername", "the name in the server's certificate", servername);
  }
  return { ca: readPem("ca", ca), cert: readPem("cert", cert), key: readPem("key", key), servername };
}

function readPem(name: string, value: unknown): TlsText | undefined {
  if (value === undefined) return undefined;
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const part of parts) {
    if (Buffer.isBuffer(part) && part.length > 0) continue;
    if (typeof part === "string" && part.includes("-----BEGIN ")) continue;
    const received = typeof part === "string" ? "a text that is none, perhaps a path" : typeof part;
    throw invalidOption(`openRedis: tls.${name}`, "PEM text or bytes (the content of the file)", received);
  }
  if (parts.length === 0) throw invalidOption(`openRedis: tls.${name}`, "PEM text or bytes", "an empty list");
  return value as TlsText;
}
