import { isLiveError } from "livecache";
import type { Member } from "../member.ts";
import type { SiteNode } from "../site.ts";
import type { Play, Stage } from "../stage.ts";
import type { ChannelPlay } from "./channel-play.ts";

const YEAR_MS = 365 * 86_400_000;

/** How often it is looked at again whether what was revoked is still refused, and after how long. */
const LOOKS_MS = [2_000, 20_000];

/** A token, its sockets, and somebody who revokes it. */
export function playRevocation(stage: Stage, channel: ChannelPlay): Play {
  const { site, random } = stage;
  const tokenId = stage.name("token");
  const userId = stage.name("v");
  const issuedAt = Math.floor(site.clock.wall());
  const sockets: Member[] = [];
  let isRevoked = false;

  const verdictOn = ({ live }: SiteNode) => live.tokens.check({ tokenId, userId, issuedAt });

  async function arrive(): Promise<void> {
    sockets.push(await channel.arrive({ userId, tokenId, issuedAt }));
  }

  async function revoke(): Promise<void> {
    const node = stage.node();
    const { tokens } = node.live;
    try {
      await (random.integer(3) === 0
        ? tokens.revokeUser(userId, Math.floor(site.clock.wall()))
        : tokens.revoke(tokenId, Math.floor(site.clock.wall()) + YEAR_MS));
      isRevoked = true;
      stage.count("revoke");
    } catch (error) {
      if (!isLiveError(error) || error.code !== "LIVE_REVOCATION_PENDING") throw error;
      isRevoked = true;
      stage.count("revoke pending");
    }
    if (verdictOn(node) !== "revoked") stage.report("accepted where it was revoked", { node: node.name });
  }

  function accepted(): string | undefined {
    if (!isRevoked) return undefined;
    const node = site.nodes.find((one) => verdictOn(one) !== "revoked");
    if (node) return `${node.name} says ${verdictOn(node)} of a revoked token`;
    const socket = sockets.find(({ isOpen, isKnown }) => isOpen && isKnown);
    return socket && `${socket.id} is open with a revoked token`;
  }

  return {
    acts: [arrive, revoke, revoke],
    unsettled: async () => accepted(),
    end() {
      if (!isRevoked) return;
      for (const delayMs of LOOKS_MS) stage.later(delayMs, async () => accepted());
    },
  };
}
