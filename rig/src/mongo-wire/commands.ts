import { Long } from "bson";
import type { Document } from "bson";
import { batchSizeOf } from "./change-streams.ts";
import type { ChangeStreams } from "./change-streams.ts";
import { Refusal } from "./refusal.ts";
import type { Namespace, Store } from "./store.ts";

/** What commands act on. */
export interface CommandParts {
  readonly store: Store;
  readonly streams: ChangeStreams;
  readonly port: number;
}

type Handler = (body: Document, parts: CommandParts) => Document | Promise<Document>;

/** Runs one command, and answers what MongoDB would. */
export async function runCommand(body: Document, parts: CommandParts): Promise<Document> {
  const name = nameOf(body);
  const handler = HANDLERS[name];
  try {
    if (!handler) throw new Refusal([59, "CommandNotFound"], `no such command: '${name}'`);
    return await handler(body, parts);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal([8, "UnknownError"], String(error));
    return refusal.toReply();
  }
}

/** What a command is called: its first field. */
export function nameOf(body: Document): string {
  return Object.keys(body)[0] ?? "";
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  hello,
  ismaster: hello,
  isMaster: hello,
  ping: () => ({ ok: 1 }),
  buildInfo: () => ({ ok: 1, version: "7.0.0", versionArray: [7, 0, 0, 0] }),
  endSessions: () => ({ ok: 1 }),
  create(body, { store }) {
    const images = body["changeStreamPreAndPostImages"] as { enabled?: boolean } | undefined;
    store.create(namespaceOf(body, "create"), images?.enabled === true);
    return { ok: 1 };
  },
  insert(body, { store }) {
    const documents = body["documents"] as Document[];
    for (const document of documents) store.insert(namespaceOf(body, "insert"), document);
    return { ok: 1, n: documents.length };
  },
  update(body, { store }) {
    const ns = namespaceOf(body, "update");
    const updates = body["updates"] as { q: Document; u: Document }[];
    const changed = updates.map(({ q, u }) => store.update(ns, q, u)).reduce((sum, one) => sum + one, 0);
    return { ok: 1, n: changed, nModified: changed };
  },
  delete(body, { store }) {
    const ns = namespaceOf(body, "delete");
    const deletes = body["deletes"] as { q: Document; limit: number }[];
    return {
      ok: 1,
      n: deletes.map(({ q, limit }) => store.remove(ns, q, limit)).reduce((sum, one) => sum + one, 0),
    };
  },
  find(body, { store }) {
    const ns = namespaceOf(body, "find");
    const found = store.find(ns, (body["filter"] as Document | undefined) ?? {});
    return { ok: 1, cursor: { id: Long.ZERO, ns: `${ns.db}.${ns.coll}`, firstBatch: found } };
  },
  drop(body, { store }) {
    store.drop(namespaceOf(body, "drop"));
    return { ok: 1 };
  },
  dropDatabase(body, { store }) {
    store.dropDatabase(String(body["$db"]));
    return { ok: 1, dropped: String(body["$db"]) };
  },
  renameCollection(body, { store }) {
    store.rename(parsePath(String(body["renameCollection"])), parsePath(String(body["to"])));
    return { ok: 1 };
  },
  aggregate(body, { streams }) {
    const pipeline = body["pipeline"] as Document[];
    if (!pipeline[0]?.["$changeStream"]) {
      throw new Refusal([40_324, "Location40324"], "only change streams are aggregated here");
    }
    const batchSize = batchSizeOf((body["cursor"] as Document | undefined)?.["batchSize"]);
    return streams.open({ ns: namespaceOf(body, "aggregate"), pipeline, batchSize });
  },
  getMore(body, { streams }) {
    const waitMs = Number(body["maxTimeMS"] ?? 1_000);
    return streams.more(Number(body["getMore"]), batchSizeOf(body["batchSize"]), waitMs);
  },
  killCursors(body, { streams }) {
    for (const id of body["cursors"] as number[]) streams.kill(Number(id));
    return { ok: 1, cursorsKilled: body["cursors"] as unknown };
  },
};

/** One member of a replica set: change streams are only for those. */
function hello(_body: Document, { port }: CommandParts): Document {
  const me = `127.0.0.1:${port}`;
  return {
    ok: 1,
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    secondary: false,
    setName: "rs0",
    setVersion: 1,
    hosts: [me],
    primary: me,
    me,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  };
}

function namespaceOf(body: Document, command: string): Namespace {
  return { db: String(body["$db"]), coll: String(body[command]) };
}

function parsePath(path: string): Namespace {
  const dot = path.indexOf(".");
  return { db: path.slice(0, dot), coll: path.slice(dot + 1) };
}
