import type { Reason } from "../base/reasons.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Cause } from "./narration.ts";
import type { WhyAnswer } from "./why-answer.ts";

/** What each reason means, as the end of "the last read here was answered ...". */
const ANSWERED: Record<Reason, string> = {
  "hit-near": "from this node's memory",
  "hit-far": "from the ground",
  joined: "by a load that was running already",
  stale: "with a stale value while it was loaded anew",
  timeout: "with a stale value because the load took too long",
  grace: "with a stale value because the load failed",
  absent: "after a load, because nothing was stored",
  expired: "after a load, because the TTL had ended",
  evicted: "after a load, because the entry was gone before its time",
  changed: "after a load, because something it depends on had moved",
  refreshed: "after a load ahead of time",
  epoch: "after a load, because the ground had lost data",
  fenced: "after a load, because the stored value was older than the reader's position",
  schema: "after a load, because other code had stored it",
  damaged: "after a load, because the stored bytes could not be read",
  bypass: "past the cache",
  "not-storable": "by a load of its own, because the value may not be stored",
  "ground-away": "without the ground, which did not answer",
};

/** Says in one sentence what stands under a key now, and what happened last. */
export function explain({ near, far, last }: Omit<WhyAnswer, "explanation">, nowMs: number): string {
  const parts = [`${nowOf(far)}; ${nearOf(near)}`, ...lastOf(last, nowMs)];
  return `${parts.join(". ")}.`;
}

function nowOf(far: WhyAnswer["far"]): string {
  if (far === "absent") return "Nothing is stored in the ground";
  if (far === "unreachable") return "The ground does not answer";
  const age = `stored ${duration(far.ageMs)} ago`;
  if (far.state === "fresh")
    return `A current value is ${age} with ${duration(far.ttlLeftMs)} of its TTL left`;
  const cause = far.cause ? causeText(far.cause) : "";
  if (far.reason === "epoch") return `The value ${age} is void because the ground has lost data since`;
  if (far.state === "void") return `The value ${age} is void${cause}`;
  return far.ttlLeftMs > 0 ? `The value ${age} is stale${cause}` : `The TTL of the value ${age} has ended`;
}

function causeText({ tag, changeId }: Cause): string {
  return ` because "${tag}" moved${changeId ? ` with change ${changeId}` : ""}`;
}

function nearOf(near: WhyAnswer["near"]): string {
  if (near === "absent") return "this node's memory does not hold it";
  if (near === "untrusted") return "this node holds it, and may not rely on its memory now";
  return near.state === "fresh" ? "this node's memory answers it" : "this node's memory holds it as stale";
}

function lastOf(last: readonly LedgerEntry[], nowMs: number): string[] {
  const sentences: string[] = [];
  const answered = last.find((event) => event.type === "answered");
  if (answered) {
    sentences.push(
      `${capital(since(answered, nowMs))} a read here was answered ${ANSWERED[answered.reason]}`,
    );
  }
  const dropped = last.find((event) => event.type === "dropped" && event.reason === "changed");
  if (dropped?.type === "dropped" && dropped.cause) {
    sentences.push(`${capital(since(dropped, nowMs))} an entry was dropped${causeText(dropped.cause)}`);
  }
  return sentences;
}

function since({ atMs }: LedgerEntry, nowMs: number): string {
  return `${duration(Math.max(0, nowMs - atMs))} ago`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A length of time as people say it: `350 ms`, `12 s`, `4 min 58 s`, `3 h 2 min`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}
