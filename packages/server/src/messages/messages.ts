import { LiveError, describeIssues } from "@livecache/wire";
import type { Contract, StandardSchema } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import { invalidFrame } from "../base/frame-fields.ts";
import { createHandlers } from "./handlers.ts";
import type { Handlers } from "./handlers.ts";
import { readSendFrame } from "./message-frame.ts";
import type { SendFrame } from "./message-frame.ts";
import { claimName, createOnce } from "./once.ts";
import type { OnceParts } from "./once.ts";

/** How long a handler may take. */
const HANDLED_WITHIN_MS = 10_000;

/** Most messages of one socket whose handlers have not ended yet. */
const MAX_PENDING = 20;

/** Longest reply, in bytes of JSON. */
const MAX_REPLY_BYTES = 64 * 1024;

/** A channel's name, read against the contract. */
interface FoundChannel {
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What messages need from their surroundings. */
export interface MessagesParts extends OnceParts {
  readonly contract: Contract;
  readonly findPattern: (channel: string) => FoundChannel | undefined;
  /** Publishes an event to a channel. */
  readonly publish: (channel: FoundChannel, name: string, data: unknown) => Promise<unknown>;
}

/** The messages that clients send to one node. */
export interface Messages {
  /** See {@link Handlers.add}. */
  readonly handle: Handlers["add"];
  /**
   * Begins with one socket: its frame is `send`. It rejects with `LIVE_FRAME_INVALID`; `LIVE_CHANNEL_REFUSED` for who is not a member;
   * `LIVE_LIMIT_REACHED` for the 21st message at a time; as the handler does; as the ground does, for a message with an id; and with
   * `LIVE_REQUEST_FAILED` when the handler takes longer than 10 s: it may still do its work then.
   */
  conversation(peer: Peer, isIn: (channel: string) => boolean): Conversation;
}

/** Makes the messages of one node, without any handler. */
export function createMessages(parts: MessagesParts): Messages {
  const { contract, findPattern, clock } = parts;
  const once = createOnce(parts);
  const handlers = createHandlers(contract);

  async function handle(frame: SendFrame, peer: Peer): Promise<string> {
    const { channel, name, id } = frame;
    const found = findPattern(channel) ?? { pattern: "", params: {} };
    const data = await checkBody(contract.channels[found.pattern]?.messages ?? {}, frame);
    const handler = handlers.find(found.pattern, name);
    if (!handler) throw new Error(`live.handle("${found.pattern}", { ${name} }) was not called`);
    const work = async (): Promise<string> => {
      const publish = (event: string, body: unknown) => parts.publish(found, event, body);
      const { params } = found;
      return serialise(await handler({ data, identity: peer.identity(), channel, params, id, publish }));
    };
    if (id === undefined) return work();
    // Somebody without a name is known by the connection only.
    const userId = peer.identity()?.userId;
    const sender = userId === undefined ? ["socket", peer.id] : ["user", userId];
    const untilMs = clock.now() + HANDLED_WITHIN_MS;
    return once({ name: claimName([...sender, channel, name, id]), untilMs, work });
  }

  function openSend(peer: Peer, isIn: (channel: string) => boolean): FrameHandler {
    let pending = 0;
    const ended = (): void => void pending--;
    return async (request, answer) => {
      const frame = readSendFrame(request);
      if (!isIn(frame.channel)) {
        throw new LiveError("LIVE_CHANNEL_REFUSED", `send: join channel "${frame.channel}" first.`);
      }
      if (pending >= MAX_PENDING) {
        throw new LiveError(
          "LIVE_LIMIT_REACHED",
          `send: ${MAX_PENDING} messages of this connection are not answered yet. Wait for their answers.`,
        );
      }
      pending++;
      const work = handle(frame, peer);
      work.then(ended, ended);
      const reply = await inTime(clock, work);
      answer(reply === "" ? {} : { data: JSON.parse(reply) as unknown });
    };
  }

  return {
    handle: handlers.add,
    conversation: (peer, isIn) => ({ frames: { send: openSend(peer, isIn) }, close: () => undefined }),
  };
}

async function checkBody(
  schemas: Readonly<Record<string, StandardSchema>>,
  { channel, name, data }: SendFrame,
): Promise<unknown> {
  if (!Object.hasOwn(schemas, name)) {
    const known = Object.keys(schemas).join(", ") || "it has none";
    throw invalidFrame("send", `"name" to be a message of channel "${channel}" (${known})`);
  }
  const result = await schemas[name]!["~standard"].validate(data);
  if (!result.issues) return result.value;
  throw invalidFrame("send", `"data" as the contract has it for "${name}": ${describeIssues(result.issues)}`);
}

/** A reply in JSON; nothing is the empty text. */
function serialise(reply: unknown): string {
  const text = JSON.stringify(reply) ?? "";
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_REPLY_BYTES) return text;
  throw new Error(`The reply of a handler has ${bytes} bytes, at most ${MAX_REPLY_BYTES} are allowed.`);
}

/** Waits for a handler. What it answers later is nobody's any more. */
function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(HANDLED_WITHIN_MS, () =>
      reject(
        new LiveError("LIVE_REQUEST_FAILED", `The handler did not answer within ${HANDLED_WITHIN_MS} ms.`),
      ),
    );
    work.then(resolve, reject).finally(cancel);
  });
}
