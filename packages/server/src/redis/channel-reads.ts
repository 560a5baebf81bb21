import { parseCursor } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { HistoryGap, HistoryQuery, HistoryReply } from "../ports/change-log.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { readPosition } from "./pulse.ts";
import { runScript } from "./run-script.ts";
import { readMessage } from "./subscription.ts";
import type { Send } from "./wire.ts";

/** How long Redis knows where a channel stands: after its last use a day, and the hour within which an append renews this. */
export const CHANNEL_TTL_MS = 25 * 3_600_000;

/**
 * Reads where channels stand and what they have published, those that are asked for in one turn of the process together: when a
 * thousand clients come back at once, the costs of a question are shared.
 */
export interface ChannelReads {
  /** Rejects as `send` does. */
  read(channel: string, query: HistoryQuery): Promise<HistoryReply>;
}

/** Most channels of one question: others wait while Redis answers it. */
const MOST_AT_ONCE = 16;

/** Asks for no event: no channel is in this epoch. */
export const NO_EVENTS: HistoryQuery = {
  after: { epoch: "", offset: 0 },
  ...{ limit: 0, maxBytes: 0, maxEvents: 0, maxAgeMs: 0 },
};

const GAPS: readonly unknown[] = ["expired", "trimmed", "overflow", "epoch", "lost"] satisfies HistoryGap[];

interface Question {
  readonly channel: string;
  readonly query: HistoryQuery;
  readonly resolve: (reply: HistoryReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes the reads of one realm. */
export function createChannelReads(send: Send, keyspace: Keyspace): ChannelReads {
  let waiting: Question[] = [];

  async function ask(questions: readonly Question[]): Promise<void> {
    try {
      const [at, ...replies] = await askAll(send, keyspace, questions);
      const position = readPosition("history", at);
      for (const [index, { channel, resolve, reject }] of questions.entries()) {
        try {
          resolve(readReply(channel, position, replies[index]));
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }

  function askWaiting(): void {
    const questions = waiting;
    waiting = [];
    for (let from = 0; from < questions.length; from += MOST_AT_ONCE) {
      void ask(questions.slice(from, from + MOST_AT_ONCE));
    }
  }

  return {
    read: (channel, query) =>
      new Promise((resolve, reject) => {
        // The first of a turn waits until the turn is over, and so do those who come meanwhile.
        if (waiting.length === 0) process.nextTick(askWaiting);
        waiting.push({ channel, query, resolve, reject });
      }),
  };
}

async function askAll(
  send: Send,
  keyspace: Keyspace,
  questions: readonly Question[],
): Promise<readonly unknown[]> {
  const reply = await runScript(send, "history", {
    keys: [
      ...[keyspace.head, keyspace.log],
      ...questions.flatMap(({ channel }) => [keyspace.channel(channel), keyspace.history(channel)]),
    ],
    args: [
      ...[randomWord(8), CHANNEL_TTL_MS],
      ...questions.flatMap(({ query: { after, limit, maxBytes, maxEvents, maxAgeMs } }) => [
        ...[after.epoch, after.offset, limit, maxBytes, maxEvents, maxAgeMs],
      ]),
    ],
  });
  return reply as readonly unknown[];
}

function readReply(channel: string, position: Position, reply: unknown): HistoryReply {
  const [stands, gap, ...messages] = (reply ?? []) as readonly unknown[];
  const cursor: Cursor | undefined = parseCursor(stands);
  if (!cursor) throw damaged("history", reply);
  const place = { cursor, position };
  if (GAPS.includes(gap)) return { ...place, events: [], gap: gap as HistoryGap };
  const events = messages.map((message) => {
    const event = typeof message === "string" ? readMessage(channel, message) : undefined;
    if (!event) throw damaged("history", message);
    return event;
  });
  return { ...place, events };
}
