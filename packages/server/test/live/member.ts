import type { JoinReply } from "@livecache/wire";
import { vi } from "vitest";
import type { LiveDoor } from "../../src/assembly/create-live.ts";
import type { Peer } from "../../src/base/conversation.ts";
import { randomWord } from "../../src/base/ids.ts";
import { onTestFinished } from "../side-by-side.ts";

/** Somebody in a channel, and what was sent there: the body of an event, or the name of any other frame. */
export interface TestMember {
  readonly reply: JoinReply;
  readonly sent: unknown[];
  /** The second argument of everything that was sent. */
  readonly metas: unknown[];
}

/** Joins a channel of a node without a socket, as user `u`. */
export async function joinAs(
  { door }: { readonly door: LiveDoor },
  request: { readonly channel: string; readonly cursor?: string | undefined },
): Promise<TestMember> {
  await vi.waitUntil(() => door.applied());
  const sent: unknown[] = [];
  const metas: unknown[] = [];
  const entered = new Set<string>();
  const note = (frame: string, [body, meta]: readonly unknown[]): void => {
    const isFrame = ["stale", "resync", "left", "ended", "expiring"].includes(frame);
    sent.push(isFrame ? frame : body);
    metas.push(meta);
  };
  const stop = door.hub.addBroadcaster({
    send: ({ channel, frame, args }) => void (entered.has(channel) && note(frame, args)),
  });
  const peer: Omit<Peer, "identity"> = {
    id: randomWord(8),
    address: undefined,
    userAgent: undefined,
    emit: (frame, ...args) => note(frame, args),
    enter: (name) => entered.add(name),
    exit: (name) => entered.delete(name),
    end: (code) => note("ended", [code]),
  };
  const auth = { user: { userId: "u" } };
  const conversation = door.converse(peer, await door.admit({ headers: {}, url: "/", auth, native: 0 }));
  onTestFinished(() => {
    stop();
    conversation.close();
  });
  let reply: JoinReply | undefined;
  await conversation.frames["join"]!(request, (answer) => (reply = answer as JoinReply));
  return { reply: reply!, sent, metas };
}
