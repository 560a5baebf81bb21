import { serveNode } from "@livecache/rig";
import { createLive, defineContract } from "livecache";
import { openOutbox, openRowChanges } from "livecache/postgres";
import { openRedis } from "livecache/redis";
import pg from "pg";

// A process that writes issues, or relays what was written, and dies at a given step. It runs what is built.
const [kind, redisUrl, postgresUrl, dies] = process.argv.slice(2);

const die = () => process.kill(process.pid, "SIGKILL");

/** Dies at the n-th change that comes from a source: `before` it is sent, when it was `sent`, or `after` it was answered. */
function mortal(ground) {
  const [when, number] = (dies ?? "").split(" ");
  let count = 0;
  const append = (log) => async (change) => {
    const isLast = change.source !== undefined && ++count === Number(number);
    if (isLast && when === "before") return die();
    const answer = log.append(change);
    // Once it is on its way: what is written in one turn is sent in one piece, at the end of the turn.
    if (isLast && when === "sent") setImmediate(die);
    const position = await answer;
    if (isLast && when === "after") die();
    return position;
  };
  const realmOf = (name) => {
    const realm = ground.realm(name);
    return { ...realm, changeLog: { ...realm.changeLog, append: append(realm.changeLog) } };
  };
  return { ...ground, realm: realmOf };
}

const schema = (types) => ({
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }), types },
});
const live = createLive({
  ground: mortal(await openRedis(redisUrl)),
  contract: defineContract({
    channels: { issues: { events: { created: schema() }, history: { events: 5_000 } } },
  }),
  authorize: { issues: () => true },
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: () => undefined },
});
const created = (n) => live.event("issues", {}, "created", { n });
const source =
  kind === "outbox"
    ? await openOutbox(live, { database: postgresUrl })
    : await openRowChanges(live, {
        connectionString: postgresUrl,
        tables: { issues: ({ n }) => ({ tags: [`issue:${n}`], emit: [created(n)] }) },
      });

/** Writes an issue and its change in one transaction, and dies before or after its commit if it is told to. */
async function write(n, diesWhen) {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query("BEGIN");
  await client.query("INSERT INTO issues (n) VALUES ($1)", [n]);
  if (kind === "outbox") await live.changeIn(client, { tags: [`issue:${n}`], emit: [created(n)] });
  if (diesWhen === "before commit") die();
  await client.query("COMMIT");
  if (diesWhen === "after commit") die();
  await client.end();
}

serveNode({
  write,
  status: () => ({ ...source.status(), error: String(source.status().error) }),
  close: () => live.close(),
});
