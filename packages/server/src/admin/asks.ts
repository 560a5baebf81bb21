import { randomWord } from "../base/ids.ts";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { EphemeralLane, Listening } from "../ports/ephemeral-lane.ts";

/** What nodes have to say to one question. */
export interface Answers<T> {
  /** By the name of the node, this one included. */
  readonly byNode: ReadonlyMap<string, T>;
  /** Live nodes of which no answer came in time, or none that is one. */
  readonly missing: readonly string[];
}

/** Answers questions of one kind. Whatever it resolves with must be JSON. */
export type Respond = (args: never) => unknown;

/** What asking needs from its surroundings. */
export interface AsksParts {
  readonly node: string;
  readonly lane: EphemeralLane;
  /** Names of the live nodes. Rejects as the ground does. */
  readonly nodes: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
  /** By the kind of question. */
  readonly respond: Readonly<Record<string, Respond>>;
}

/** Lets nodes ask each other, over the ephemeral lane: an answer may be missing, and then says so. */
export interface Asks {
  /**
   * Asks every live node, this one included, and waits for their answers, at most `withinMs`. While the ground is away only this node
   * answers. Rejects when this node itself cannot answer.
   */
  ask<T>(kind: string, args: unknown, withinMs?: number): Promise<Answers<T>>;
}

interface Question {
  readonly id: string;
  readonly from: string;
  readonly kind: string;
  readonly args: unknown;
}

interface Reply {
  readonly id: string;
  readonly node: string;
  readonly answer?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly expected: Set<string>;
  readonly byNode: Map<string, unknown>;
  readonly failed: string[];
  readonly done: () => void;
}

/** Topics of the lane. No channel has a space in its name. */
const QUESTIONS = "ask all";
const repliesTo = (node: string): string => `answers ${node}`;

const LISTEN_AGAIN_MS = 1_000;
const WAIT_MS = 500;

/** Longest answer, in characters of JSON. */
const MAX_ANSWER_LENGTH = 1024 * 1024;

/** Makes the asks of one node. It listens for questions from now on, until the node closes. */
export function createAsks(parts: AsksParts): Asks {
  const { node, lane, clock, tasks, respond } = parts;
  const waiting = new Map<string, Waiting>();
  let replies: Promise<Listening> | undefined;

  async function answerTo({ kind, args }: Pick<Question, "kind" | "args">): Promise<unknown> {
    const responder = Object.hasOwn(respond, kind) ? respond[kind] : undefined;
    if (!responder) throw new Error(`this node does not know the question ${JSON.stringify(kind)}`);
    return responder(args as never);
  }

  async function reply(question: Question): Promise<void> {
    const { id, from } = question;
    const said = await answerTo(question).then(
      (answer): Reply => ({ id, node, answer }),
      (error: unknown): Reply => ({ id, node, error: String(error) }),
    );
    const text = JSON.stringify(said);
    const isTooLong = text.length > MAX_ANSWER_LENGTH;
    const tooLong: Reply = { id, node, error: `the answer has ${text.length} characters` };
    await lane.send(repliesTo(from), isTooLong ? JSON.stringify(tooLong) : text);
  }

  function hearQuestion(text: string): void {
    const question = readMessage<Question>(text, ["id", "from", "kind"]);
    // Whoever asks has its own answer already. Should a reply not get through, the asker says who is missing.
    if (question && question.from !== node) tasks.track(reply(question).catch(() => undefined));
  }

  function hearReply(text: string): void {
    const said = readMessage<Reply>(text, ["id", "node"]);
    const asked = said && waiting.get(said.id);
    if (!asked?.expected.delete(said!.node)) return;
    if (said!.error === undefined) asked.byNode.set(said!.node, said!.answer);
    else {
      asked.failed.push(said!.node);
      parts.warn("a node could not answer", { node: said!.node, error: said!.error });
    }
    if (asked.expected.size === 0) asked.done();
  }

  /** Names of the other nodes, whose answers can be heard from now on; none while the ground is away. */
  async function others(): Promise<readonly string[]> {
    try {
      replies ??= lane.listen(repliesTo(node), hearReply);
      await replies;
      return (await parts.nodes()).filter((name) => name !== node);
    } catch {
      replies = undefined;
      return [];
    }
  }

  async function ask<T>(kind: string, args: unknown, withinMs = WAIT_MS): Promise<Answers<T>> {
    const question: Question = { id: randomWord(12), from: node, kind, args };
    const expected = new Set(await others());
    const byNode = new Map<string, unknown>();
    const failed: string[] = [];
    const over = new AbortController();
    const asked: Waiting = { expected, byNode, failed, done: () => over.abort() };
    waiting.set(question.id, asked);
    try {
      if (expected.size > 0) await lane.send(QUESTIONS, JSON.stringify(question)).catch(() => over.abort());
      byNode.set(node, await answerTo(question));
      if (expected.size > 0) await sleep(clock, withinMs, AbortSignal.any([over.signal, parts.signal]));
      return { byNode: byNode as Map<string, T>, missing: [...expected, ...failed].sort() };
    } finally {
      waiting.delete(question.id);
    }
  }

  tasks.track(keepListening(parts, hearQuestion, () => replies));
  return { ask };
}

/** Listens for questions until the node closes; while the ground is away it tries again and again. */
async function keepListening(
  { lane, clock, signal }: AsksParts,
  hear: (text: string) => void,
  replies: () => Promise<Listening> | undefined,
): Promise<void> {
  let listening: Listening | undefined;
  while (!listening && !signal.aborted) {
    listening = await lane.listen(QUESTIONS, hear).catch(() => undefined);
    if (!listening) await sleep(clock, LISTEN_AGAIN_MS, signal);
  }
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await listening?.close();
  await (await replies()?.catch(() => undefined))?.close();
}

/** Reads a message of the lane; what is not ours is left alone. */
function readMessage<T>(text: string, fields: readonly (keyof T & string)[]): T | undefined {
  try {
    const said = JSON.parse(text) as Record<string, unknown> | null;
    const isOurs = said !== null && fields.every((field) => typeof said[field] === "string");
    return isOurs ? (said as T) : undefined;
  } catch {
    return undefined;
  }
}
