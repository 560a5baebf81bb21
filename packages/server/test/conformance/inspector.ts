import { RESP_TYPES, createClient } from "redis";
import { readEntryBytes } from "../../src/redis/entry-bytes.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import type { Keyspace } from "../../src/redis/keyspace.ts";

/** A connection of the tests' own, to look at what the ground has written. */
export interface Inspector {
  readonly client: ReturnType<typeof makeClient>;
  /** Every key that begins with a prefix, in any realm. */
  keys(prefix: string): Promise<readonly string[]>;
  /**
   * Reads every key of a prefix back.
   *
   * @throws Error naming each key that the key space does not spell, that would stay for ever, or that has lost its other half
   */
  check(prefix: string): Promise<void>;
  close(): void;
}

function makeClient(url: string) {
  return createClient({ url, RESP: 3 });
}

/** Opens an inspector. */
export async function openInspector(url: string): Promise<Inspector> {
  const client = makeClient(url);
  client.on("error", () => undefined);
  await client.connect();

  async function keys(prefix: string): Promise<readonly string[]> {
    const found = await Promise.all([client.keys(`${prefix}:*`), client.keys(`{${prefix}:*`)]);
    return found.flat();
  }

  return inspectorOf({
    client,
    keys,
    close() {
      if (client.isOpen) client.destroy();
    },
  });
}

/** An inspector over given connections. */
export function inspectorOf(parts: Omit<Inspector, "check">): Inspector {
  return {
    ...parts,
    async check(prefix) {
      const found = await parts.keys(prefix);
      const faults = await Promise.all(found.map((key) => faultOf(parts.client, { prefix, key })));
      const bad = faults.filter((fault) => fault !== undefined);
      if (bad.length > 0) throw new Error(`in Redis after the test:\n${bad.join("\n")}`);
    },
  };
}

async function faultOf(
  client: Inspector["client"],
  { prefix, key }: { prefix: string; key: string },
): Promise<string | undefined> {
  const realm = /^\{?[^:]+:([A-Za-z0-9_-]+)/.exec(key)?.[1] ?? "";
  const keyspace = createKeyspace({ prefix, database: 0, realm });
  const kind = kindOf(keyspace, key);
  if (!kind) return `${key}: no key of the key space is spelled so`;
  const ttlMs = await client.pTTL(key);
  if (ttlMs === -1 && !STAYS.has(kind)) return `${key}: would stay for ever`;
  return kind === "entry" ? orphanFault(client, { keyspace, key, ttlMs }) : undefined;
}

const NAMED = [
  ...(["mark", "tag", "channel", "history", "source", "entry", "lease"] as const),
  ...(["spokenFor", "present", "presentOrder", "presentVersion"] as const),
  ...(["socket", "heartbeat", "socketsOf"] as const),
  ...(["notes", "unread", "claim", "revoked", "blacklisted", "limit"] as const),
  ...(["session", "sessionsOf", "sessionRound"] as const),
  ...(["places", "departed", "cellMembers", "cellCounts"] as const),
];

/** The keys of which there is one. */
const WHOLE = [
  ...(["head", "log", "nodes", "acks", "primary", "sessions"] as const),
  ...(["leases", "leaseClock", "ended", "regionNodes", "regionClaim", "revocationLedger"] as const),
];

/** The keys that stay for ever. */
const STAYS: ReadonlySet<string> = new Set(["head", "log", "primary"]);

/** The member of the key space that spells a key. */
function kindOf(keyspace: Keyspace, key: string): keyof Keyspace | undefined {
  const whole = WHOLE.find((kind) => keyspace[kind] === key);
  if (whole) return whole;
  return NAMED.find((kind) => {
    const [start, end] = keyspace[kind]("|").split("|");
    return key.startsWith(start!) && key.endsWith(end!) && key.length > start!.length + end!.length;
  });
}

/** An entry of the current epoch whose tags are not known as long as it lives can never be used, or would be used for too long. */
async function orphanFault(
  client: Inspector["client"],
  { keyspace, key, ttlMs }: { keyspace: Keyspace; key: string; ttlMs: number },
): Promise<string | undefined> {
  const stored = await client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).get(key);
  // It may have expired since the keys were listed.
  if (stored === null) return undefined;
  const entry = readEntryBytes(stored);
  if (!entry) return `${key}: cannot be read back`;
  const head = await client.get(keyspace.head);
  if (!head?.startsWith(`${entry.position.epoch}.`)) return undefined;
  for (const tag of entry.tags) {
    const tagTtlMs = await client.pTTL(keyspace.tag(tag));
    if (tagTtlMs < ttlMs - 1_000) return `${key}: its tag ${tag} goes ${ttlMs - tagTtlMs} ms before it`;
  }
  return undefined;
}
