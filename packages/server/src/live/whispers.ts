import { LiveError, describeIssues, isLiveError } from "@livecache/wire";
import type { Contract, Schemas, StandardSchema, WhisperMeta } from "@livecache/wire";
import type { Broadcast, FrameHandler, Peer } from "../base/conversation.ts";
import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import type { PatternFinder } from "./contract-pattern.ts";
import { readWhisperFrame } from "./request-frame.ts";

/** Longest body of a whisper, in bytes of JSON. */
const MAX_WHISPER_BYTES = 4 * 1024;

/** What whispering needs from its surroundings. */
export interface WhispersParts {
  readonly contract: Contract;
  readonly findPattern: PatternFinder;
  readonly lane: EphemeralLane;
  /** Tells the members of a channel on this node. */
  readonly broadcast: (told: Broadcast) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** A whisper by whoever is at hand. */
export interface Whisper {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
  /** What it is about: of several about the same, under one name and by one sender, the latest counts. Default: all are about the same. */
  readonly about?: string;
  readonly from?: Peer;
}

/** What is told without history: latest value wins, and what gets lost is lost. */
export interface Whispers {
  /**
   * Tells the members of a channel, on all nodes; while the ground is away, on this one. The sender's own socket is not told.
   *
   * Rejects with `LIVE_EVENT_INVALID` for a whisper that the contract does not have, or whose body its schema refuses.
   */
  whisper(whisper: Whisper): Promise<void>;
  /** Whether the contract has whispers in this channel. */
  areIn(channel: string): boolean;
  /** A whisper has come over the lane. Never throws. */
  hear(channel: string, message: string): void;
  /** The frame by which members whisper; `isIn` says where the socket is a member. */
  handler(peer: Peer, isIn: (channel: string) => boolean): FrameHandler;
}

/** How a whisper travels. */
interface Message {
  readonly name: string;
  readonly data: unknown;
  readonly about?: string | undefined;
  readonly socket?: string | undefined;
  readonly from?: string | undefined;
}

/** Makes the whispers of one node. */
export function createWhispers({ contract, findPattern, lane, broadcast, warn }: WhispersParts): Whispers {
  function whispersOf(channel: string): Schemas {
    return contract.channels[findPattern(channel)?.pattern ?? ""]?.whispers ?? {};
  }

  function schemaOf(channel: string, name: string): StandardSchema {
    const pattern = findPattern(channel)?.pattern;
    const whispers = whispersOf(channel);
    if (Object.hasOwn(whispers, name)) return whispers[name]!;
    const known = Object.keys(whispers).join(", ") || "nothing";
    throw new LiveError(
      "LIVE_EVENT_INVALID",
      `Channel ${pattern ?? channel}: the contract has no whisper ${JSON.stringify(name)} there. It has: ${known}.`,
    );
  }

  function tell(channel: string, { name, data, about, socket, from }: Message): void {
    const meta: WhisperMeta = { channel, ...(from !== undefined && { from }) };
    broadcast({
      channel,
      frame: name,
      args: [data, meta],
      lane: "latest",
      key: `${channel} ${name} ${socket ?? ""} ${about ?? ""}`,
      ...(socket !== undefined && { except: socket }),
    });
  }

  async function whisper({ channel, name, data, about, from }: Whisper): Promise<void> {
    const valid = await checkBody(`Channel ${channel}, whisper "${name}"`, schemaOf(channel, name), data);
    const message: Message = { name, data: valid, about, socket: from?.id, from: from?.identity()?.userId };
    try {
      await lane.send(channel, JSON.stringify(message));
    } catch {
      tell(channel, message);
    }
  }

  return {
    whisper,
    areIn: (channel) => Object.keys(whispersOf(channel)).length > 0,
    hear(channel, message) {
      try {
        tell(channel, JSON.parse(message) as Message);
      } catch (error) {
        warn("a whisper could not be read", { channel, error });
      }
    },
    handler: (peer, isIn) => async (request, answer) => {
      const { channel, name, data } = readWhisperFrame(request);
      if (!isIn(channel)) {
        throw new LiveError("LIVE_CHANNEL_REFUSED", `whisper: join channel "${channel}" first.`);
      }
      try {
        await whisper({ channel, name, data, from: peer });
      } catch (error) {
        throw isLiveError(error) ? new LiveError("LIVE_FRAME_INVALID", `whisper: ${error.message}`) : error;
      }
      answer({});
    },
  };
}

async function checkBody(what: string, schema: StandardSchema, data: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(data);
  if (result.issues) {
    throw new LiveError("LIVE_EVENT_INVALID", `${what}: ${describeIssues(result.issues)}.`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(result.value) ?? "");
  if (bytes > MAX_WHISPER_BYTES) {
    throw new LiveError(
      "LIVE_EVENT_INVALID",
      `${what}: the body has ${bytes} bytes, at most ${MAX_WHISPER_BYTES} are allowed.`,
    );
  }
  return result.value;
}
