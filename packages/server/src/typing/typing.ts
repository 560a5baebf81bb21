import { LiveError, MAX_CHANNEL_LENGTH } from "@livecache/wire";
import type { Conversation, Peer } from "../base/conversation.ts";
import { invalidFrame, ownField, readText, showReceived } from "../base/frame-fields.ts";
import { openPlace, topicOf } from "./place.ts";
import type { Place, PlaceParts } from "./place.ts";
import { createSaying } from "./saying.ts";
import type { Saying } from "./saying.ts";
import type { Said } from "./typists.ts";

/** What typing needs from its surroundings. */
export interface TypingParts extends Omit<PlaceParts, "channel"> {
  /** Name of this node, which no other has. */
  readonly node: string;
  /** Whether the contract says of a channel that its members see who types. */
  readonly isOffered: (channel: string) => boolean;
}

/** Who types where, for the sockets of one node. */
export interface Typing {
  /** Begins with one socket: its frame is `typing`. It rejects with `LIVE_FRAME_INVALID` and `LIVE_CHANNEL_REFUSED`, and never for the ground's sake. */
  conversation(peer: Peer, isIn: (channel: string) => boolean): Conversation;
  /** A socket has become a member of a channel: it is told who types there. Never throws. */
  entered(peer: Peer, channel: string): void;
  /** A socket is a member no more: it types no more. Never throws. */
  left(peer: Peer, channel: string): void;
  /** Ends all of it. Idempotent. */
  close(): void;
}

/** Makes it. */
export function createTyping(parts: TypingParts): Typing {
  const { node, isOffered, lane, clock, tasks } = parts;
  const places = new Map<string, Place>();
  const sayings = new Map<string, Saying>();
  let closed = false;

  async function say(channel: string, said: Said): Promise<void> {
    try {
      await lane.send(topicOf(channel), JSON.stringify(said));
    } catch {
      // While the ground is away, the members of this node hear it.
      places.get(channel)?.hear(said);
    }
  }

  function open(channel: string, userId: string): Saying {
    const key = `${channel} ${userId}`;
    const known = sayings.get(key);
    if (known) return known;
    const saying = createSaying({
      clock,
      say: (ttlMs) => tasks.track(say(channel, { node, userId, ttlMs })),
      onOver: () => sayings.delete(key),
    });
    sayings.set(key, saying);
    return saying;
  }

  function stop(peer: Peer, channel: string): void {
    const userId = peer.identity()?.userId;
    if (userId !== undefined) sayings.get(`${channel} ${userId}`)?.note(peer.id, false);
  }

  return {
    conversation(peer, isIn) {
      const typing = async (request: unknown, answer: (reply: object) => void): Promise<void> => {
        const { channel, on } = readTypingFrame(request);
        if (!isIn(channel)) {
          throw new LiveError("LIVE_CHANNEL_REFUSED", `typing: join channel "${channel}" first.`);
        }
        const userId = peer.identity()?.userId;
        if (!isOffered(channel) || userId === undefined) {
          const why =
            userId === undefined ? "only users with an identity are shown" : "nobody is shown there";
          throw new LiveError("LIVE_CHANNEL_REFUSED", `typing: channel "${channel}": ${why}.`);
        }
        if (on) open(channel, userId).note(peer.id, true);
        else stop(peer, channel);
        answer({});
      };
      return { frames: { typing }, close: () => undefined };
    },
    entered(peer, channel) {
      if (closed || !isOffered(channel)) return;
      const place = places.get(channel) ?? openPlace({ ...parts, channel });
      places.set(channel, place);
      place.enter(peer);
    },
    left(peer, channel) {
      const place = places.get(channel);
      if (!place) return;
      stop(peer, channel);
      if (place.exit(peer) > 0) return;
      places.delete(channel);
      place.close();
    },
    close() {
      closed = true;
      for (const saying of sayings.values()) saying.close();
      for (const place of places.values()) place.close();
      sayings.clear();
      places.clear();
    },
  };
}

function readTypingFrame(request: unknown): { readonly channel: string; readonly on: boolean } {
  const channel = readText("typing", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const on = ownField(request as object, "on");
  if (typeof on !== "boolean")
    throw invalidFrame("typing", `"on" to be true or false, received ${showReceived(on)}`);
  return { channel, on };
}
