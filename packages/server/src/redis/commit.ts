import { randomWord } from "../base/ids.ts";
import type { CacheStore, CommitInput, CommitReply } from "../ports/cache-store.ts";
import { TAG_TTL_MS } from "./change-log.ts";
import type { EntryReaderParts } from "./entry-reader.ts";
import { joinLines } from "./lines.ts";
import { runScript } from "./run-script.ts";

/** Most records of the log that are read to prove that a tag has not moved. */
const MOST_RECORDS_SEARCHED = 1_000;

/** How much longer than an entry its tags are known at least. */
const TAG_OUTLIVES_ENTRY_MS = 60_000;

/** Makes what stores loaded values: in one step where one server has everything, otherwise in two. */
export function createCommit(
  { keyspace, send, isSpread }: Pick<EntryReaderParts, "keyspace" | "send" | "isSpread">,
  { abandon }: Pick<CacheStore, "abandon">,
): (input: CommitInput) => Promise<CommitReply> {
  /** What `admit` is told of a value. */
  function admission({ position, keepMs }: CommitInput): readonly (string | number)[] {
    const tagTtlMs = Math.ceil(keepMs) + TAG_OUTLIVES_ENTRY_MS;
    return [
      ...[position.epoch, position.seq, tagTtlMs, Math.max(tagTtlMs, TAG_TTL_MS)],
      ...[MOST_RECORDS_SEARCHED, Buffer.byteLength(keyspace.tag(""))],
    ];
  }

  /** Tags and entry are on one server: in one step. */
  async function commitAtOnce(input: CommitInput): Promise<CommitReply> {
    const { key, lease = "", tags, value, ttlMs, keepMs } = input;
    const id = randomWord(8);
    const reply = await runScript(send, "commit", {
      keys: [
        ...[keyspace.head, keyspace.log, keyspace.entry(key), keyspace.lease(key)],
        ...tags.map(keyspace.tag),
      ],
      args: [
        ...admission(input),
        ...[lease, id, Math.ceil(ttlMs), Math.ceil(keepMs), joinLines(tags), value],
      ],
    });
    const [verdict, state] = reply as readonly [string, string?];
    return committed(verdict, state, id);
  }

  async function store({ key, lease, position, tags, value, ttlMs, keepMs }: CommitInput, id: string) {
    const stamp = [position.epoch, position.seq];
    return runScript(send, "store", {
      keys: [keyspace.entry(key), keyspace.lease(key)],
      args: [lease ?? "", id, ...stamp, Math.ceil(ttlMs), Math.ceil(keepMs), joinLines(tags), value],
    });
  }

  async function admitAndStore(input: CommitInput): Promise<CommitReply> {
    const keys = [keyspace.head, keyspace.log, ...input.tags.map(keyspace.tag)];
    const verdict = String(await runScript(send, "admit", { keys, args: admission(input) }));
    const id = randomWord(8);
    if (isAdmitted(verdict)) return committed(verdict, String(await store(input, id)), id);
    if (input.lease) await abandon(input.key, input.lease);
    return committed(verdict, undefined, id);
  }

  return isSpread ? admitAndStore : commitAtOnce;
}

function isAdmitted(verdict: string): verdict is "valid" | "stale" {
  return verdict === "valid" || verdict === "stale";
}

/** What became of a commit, by what the scripts say. */
function committed(verdict: string, state: string | undefined, id: string): CommitReply {
  if (!isAdmitted(verdict)) return { state: "refused", reason: verdict === "epoch" ? "epoch" : "changed" };
  return state === "stored" ? { state, id, verdict } : { state: "refused", reason: "superseded" };
}
