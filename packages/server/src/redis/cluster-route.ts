import { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import { keyOf } from "./command-key.ts";
import type { CommandLink } from "./command-link.ts";
import { readRedirect } from "./redirect.ts";
import type { Redirect } from "./redirect.ts";
import { slotOf } from "./slots.ts";
import type { Reply, Send, SendOptions } from "./wire.ts";

/** A server of a cluster, and the connection to it. */
export interface Member {
  /** `host:port` as the cluster tells it. */
  readonly place: string;
  readonly host: string;
  readonly commands: CommandLink;
}

/** What finding the server of a command needs. */
export interface RouteParts {
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  /** Who is in charge of a slot. Throws `LIVE_GROUND_AWAY` when nobody is, as far as is known. */
  readonly ownerOf: (slot: number) => Member;
  /** A server has said who is in charge of a slot, or of some of its keys. */
  readonly take: (redirect: Redirect) => Member;
}

/** A slot that is moved on sends one to where it is moved to, and a server that is asked on the way to a third; more often is no way. */
const MOST_REDIRECTS = 3;

/**
 * Makes a `send` that finds the server of each command by its key. A redirection had no effect, so the command is sent again, to the
 * server that was named, as long as its time is not up. What that server cannot serve either is `LIVE_GROUND_AWAY`.
 */
export function createRoute(parts: RouteParts): Send {
  const { clock, commandTimeoutMs, ownerOf, take } = parts;

  /** Goes where it was sent to. Whatever ends it, the last error says why. */
  async function retry(args: Parameters<Send>[0], options: SendOptions, missed: Missed): Promise<Reply> {
    let { member, error } = missed;
    for (let turn = 0; turn < MOST_REDIRECTS; turn++) {
      const redirect = readRedirect(error, member.host);
      if (!redirect || clock.now() >= missed.untilMs) break;
      member = take(redirect);
      try {
        await connected(member, clock, missed.untilMs - clock.now());
        const limitMs = Math.max(1, missed.untilMs - clock.now());
        return await member.commands.send(args, { ...options, limitMs, asking: redirect.kind === "ask" });
      } catch (next) {
        error = next;
      }
    }
    throw error;
  }

  return async (args, options) => {
    const member = ownerOf(slotOf(keyOf(args, options)));
    const sentAtMs = clock.now();
    try {
      return await member.commands.send(args, options);
    } catch (error) {
      if (!readRedirect(error, member.host)) throw error;
      const untilMs = sentAtMs + (options?.limitMs ?? commandTimeoutMs);
      return retry(args, options ?? {}, { member, error, untilMs });
    }
  };
}

/** What a member answered instead of doing it, and until when something may be done about that. */
interface Missed {
  readonly member: Member;
  readonly error: unknown;
  readonly untilMs: number;
}

/** Waits for the first connection to a server that has just been heard of. Nothing has been sent, so nothing is unknown. */
async function connected({ commands, place }: Member, clock: Clock, limitMs: number): Promise<void> {
  try {
    await withDeadline(clock, commands.link.ready(), { what: `connecting to ${place}`, limitMs });
  } catch (error) {
    if ((error as LiveError).code !== "LIVE_GROUND_TIMEOUT") throw error;
    throw new LiveError("LIVE_GROUND_AWAY", `${place}: not connected within ${Math.round(limitMs)} ms`, {
      cause: error,
    });
  }
}
