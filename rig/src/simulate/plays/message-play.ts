import { isLiveError } from "livecache";
import { Member } from "../member.ts";
import type { MemberEars } from "../member.ts";
import type { SimIdentity } from "../site.ts";
import type { Play, Stage } from "../stage.ts";

/** How long a message is held by a node of which nobody knows whether it handles it, and some more to come through after that. */
const HELD_MS = 30_000 + 10_000;

/** Longest that a handler takes. */
const SLOWEST_MS = 40;

/** A message, sent as often as it takes. */
interface Said {
  readonly id: string;
  readonly user: SimIdentity;
  isOnItsWay: boolean;
  /** How many answers there were when nothing went wrong any more; absent before that. */
  heard: number | undefined;
  answers: string[];
}

/** Messages of users whose sockets come and go, each of which is to be handled once. */
export function playMessages(stage: Stage): Play {
  const { site, random, seed } = stage;
  const channel = `rows/asked-${seed}`;
  const said: Said[] = [];
  const members: Member[] = [];
  /** How often each message was handled to the end. */
  const handled = new Map<string, number>();
  const ears: MemberEars = { onEvent: () => undefined, onFault: () => undefined };

  async function handle(data: unknown): Promise<unknown> {
    const { id } = data as { readonly id: string };
    await new Promise<void>((resolve) => void site.clock.after(random.next() * SLOWEST_MS, resolve));
    if (random.integer(8) === 0) throw new Error("this time it could not be done");
    handled.set(id, (handled.get(id) ?? 0) + 1);
    return { id, at: site.clock.now() };
  }

  async function send(message: Said): Promise<void> {
    message.isOnItsWay = true;
    const { id, user } = message;
    const member = new Member(stage.name(`s${members.length}-`), stage.node(), { user, ears });
    members.push(member);
    try {
      await member.connect();
      await member.join(channel);
      message.answers.push(JSON.stringify(await member.send(channel, { id, data: { id } })));
      stage.count("message answered");
    } catch (error) {
      const isFinal = isLiveError(error) && !error.retryable;
      if (isFinal && error.code !== "LIVE_GROUND_REFUSED") throw error;
      stage.count("message not answered");
    } finally {
      message.isOnItsWay = false;
    }
  }

  async function say(): Promise<void> {
    const user = { userId: stage.name(`a${random.integer(2)}-`) };
    const message: Said = {
      id: stage.name(`id${said.length}-`),
      user,
      isOnItsWay: false,
      heard: undefined,
      answers: [],
    };
    said.push(message);
    await send(message);
  }

  async function repeat(): Promise<void> {
    const message = random.pick([undefined, ...said]);
    if (message) await send(message);
  }

  return {
    settlesWithinMs: HELD_MS,
    async begin() {
      site.onAsked = handle;
    },
    acts: [say, say, say, repeat, repeat],
    async unsettled() {
      for (const message of said) {
        // Once more than answered: of the last answer nobody knows whether it arrived.
        message.heard ??= message.answers.length;
        if (message.answers.length > message.heard) continue;
        if (!message.isOnItsWay)
          void send(message).catch((error: unknown) => stage.report("refused", { error: String(error) }));
        return `${message.id} is not answered`;
      }
      if (stage.lost.isLost) return undefined;
      for (const { id, answers } of said) {
        const times = handled.get(id) ?? 0;
        if (times !== 1) stage.report("a message is not handled once", { id, times });
        if (new Set(answers).size > 1) stage.report("a message has several answers", { id, answers });
      }
      return undefined;
    },
    end() {
      for (const member of members) member.close();
    },
  };
}
