import { LiveError } from "@livecache/wire";
import type { SocketConversation } from "../assembly/converse.ts";
import type { LiveDoor } from "../assembly/create-live.ts";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { networkOf } from "../base/client-address.ts";
import type { FrameHandler, Peer } from "../base/conversation.ts";
import { isLimit } from "../limits/define-limit.ts";
import type { Limit } from "../limits/define-limit.ts";

/** Limits of each user, over all of their sockets and all nodes. Of nobody, all sockets of one address count together. */
export interface UserLimits {
  /** Messages of the contract: `send` frames. */
  readonly messages?: Limit;
  /** Channels joined: `join` frames. */
  readonly joins?: Limit;
}

/**
 * Checks the option.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function readUserLimits(perUser: UserLimits = {}): UserLimits {
  refuseUnknown("attach: perUser", perUser, ["messages", "joins"]);
  for (const name of ["messages", "joins"] as const) {
    const limit: unknown = perUser[name];
    if (limit !== undefined && !isLimit(limit)) {
      throw invalidOption(`attach: perUser.${name}`, "what defineLimit answers", limit);
    }
  }
  return perUser;
}

type Handler = Pick<SocketConversation, "peer" | "handler" | "names" | "heard">;

/**
 * A conversation whose frames are handled only within the limits of the user. One that is refused is answered with `LIVE_LIMIT_REACHED`
 * and `retryAfterMs`. Limited frames of one socket are handled in the order in which they came; the others may overtake them.
 */
export function limitTalk(
  limits: LiveDoor["limits"],
  { messages, joins }: UserLimits,
  conversation: Handler,
): Handler {
  if (!messages && !joins) return conversation;
  const { peer } = conversation;
  let turn: Promise<unknown> = Promise.resolve();

  function limited(frame: string, policy: Limit, handler: FrameHandler): FrameHandler {
    return async (request, answer) => {
      const taken = limits.take({ policy, subject: subjectOf(peer) });
      const before = turn;
      turn = taken.then(
        () => before,
        () => before,
      );
      const { allowed, retryAfterMs } = await taken;
      await before;
      if (!allowed) throw tooMany(frame, policy, retryAfterMs);
      await handler(request, answer);
    };
  }

  return {
    peer,
    names: conversation.names,
    heard: () => conversation.heard(),
    handler(frame) {
      const handler = conversation.handler(frame);
      const policy = frame === "send" ? messages : frame === "join" ? joins : undefined;
      return handler && policy ? limited(frame, policy, handler) : handler;
    },
  };
}

function subjectOf(peer: Peer): string {
  const userId = peer.identity()?.userId;
  if (userId !== undefined) return `user ${userId}`;
  return `address ${peer.address === undefined ? "unknown" : networkOf(peer.address)}`;
}

function tooMany(frame: string, { limit, windowMs }: Limit, retryAfterMs: number): LiveError {
  const window = windowMs % 1_000 === 0 ? `${windowMs / 1_000} s` : `${windowMs} ms`;
  return new LiveError(
    "LIVE_LIMIT_REACHED",
    `${frame}: this user may send ${limit} of them in ${window}, on all connections together. Try again in ${retryAfterMs} ms.`,
    { details: { retryAfterMs } },
  );
}
