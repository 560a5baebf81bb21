import { formatCursor } from "@livecache/wire";
import { Member } from "../member.ts";
import type { MemberEars } from "../member.ts";
import type { SimIdentity, SiteNode } from "../site.ts";
import type { Play, Stage } from "../stage.ts";
import type { CachePlay } from "./cache-play.ts";

/** Longest that somebody who left is still shown: the grace, and the lease of a node that could not say so. */
const GHOST_MS = 3_000 + 2_500 + 1_000;

/** A step of presence that got lost, and is followed by none, is noticed within 15 s; reading anew takes some more. */
const PRESENCE_SEEN_MS = 15_000 + 5_000;

/** A live query of a member. */
interface Watched {
  readonly member: Member;
  readonly id: string;
  readonly version: number;
}

/** Sockets that come and go, in one channel. */
export interface ChannelPlay extends Play {
  /** Connects somebody, and lets them join. */
  arrive(user: SimIdentity): Promise<Member>;
}

/** Makes it: members with events, live queries and presence, over the cache that they read. */
export function playChannel(stage: Stage, cache: CachePlay): ChannelPlay {
  const { site, random } = stage;
  const { channel } = cache;
  const members: Member[] = [];
  const left: Member[] = [];

  const ears: MemberEars = {
    onFault: (rule, details) => stage.report(rule, details),
    onEvent({ node }, body) {
      // G3: whoever is told of it can read no older data on this node.
      const { row, version } = body as { row: string; version: number };
      void cache.read(node, { row, version, mode: "purge", fenced: false }).catch(() => undefined);
    },
  };

  async function arrive(user: SimIdentity, from?: Member): Promise<Member> {
    const node = stage.node();
    const member = new Member(stage.name(`m${members.length}-`), node, { user, ears });
    members.push(member);
    try {
      await member.connect();
      const reply = await member.join(channel, from?.cursor);
      stage.count(reply.resumed ? "resumed" : from?.cursor ? `not resumed: ${reply.reason}` : "joined");
    } catch (error) {
      leave(member);
      throw error;
    }
    return member;
  }

  function leave(member: Member): void {
    if (!member.isOpen) return;
    left.push(member);
    member.close();
  }

  const open = (): readonly Member[] => members.filter(({ isOpen, cursor }) => isOpen && cursor);

  async function comeBack(): Promise<void> {
    const member = random.pick(members.length > 0 ? members : [undefined]);
    if (!member) return;
    leave(member);
    if (member.ended === undefined) await arrive(member.user, member);
  }

  /** Somebody misses what is told while they are gone. */
  async function missSome(): Promise<void> {
    const member = await come();
    leave(member);
    await cache.change();
    await arrive(member.user, member);
  }

  const watches = playWatches(stage, cache, () => open()[0]);
  let users = 0;
  const come = (): Promise<Member> => arrive({ userId: stage.name(`u${users++ % 2}-`) });

  async function unfinished(): Promise<string | undefined> {
    const ground = formatCursor(await site.model.realm.changeLog.cursor(channel));
    for (const { cursor, id } of open()) {
      if (cursor !== ground) return `${id} stands at ${cursor}, the channel at ${ground}`;
    }
    return undefined;
  }

  return {
    arrive,
    settlesWithinMs: PRESENCE_SEEN_MS,
    acts: [come, come, comeBack, missSome, watches.watch, watches.watch],
    async unsettled() {
      const late = watches.notTold() ?? (await unfinished());
      return (
        late ??
        missing(
          site.nodes,
          stage.seed,
          open().filter(({ isKnown }) => isKnown),
        )
      );
    },
    end() {
      for (const member of members) leave(member);
      if (left.length > 0) {
        stage.later(GHOST_MS, async () => {
          const ghosts = await present(site.nodes[0]!, stage.seed);
          return ghosts.length > 0 ? `ghosts: ${ghosts.join(" ")}` : undefined;
        });
      }
    },
  };
}

/** Live queries of members. */
function playWatches(stage: Stage, cache: CachePlay, pick: () => Member | undefined) {
  const watched: Watched[] = [];
  return {
    async watch(): Promise<void> {
      const member = pick();
      const answer = member && (await cache.read(member.node, undefined, { key: cache.key }));
      if (!answer?.position) return;
      const claim = { key: cache.key, tags: [cache.tag], position: answer.position };
      const { tokens } = member!.node.live.door;
      const token = tokens.mint({ ...claim, vary: [], digest: "all", push: false })!;
      const { id, state } = await member!.watch(token);
      stage.count(`watch ${state}`);
      const version = Object.values(answer.value.versions)[0]!;
      if (state === "fresh") watched.push({ member: member!, id, version });
    },
    /** Somebody whose query has changed, and who was not told so. */
    notTold(): string | undefined {
      const now = cache.version();
      const late = watched.find(
        ({ member, id, version }) => member.isOpen && version < now && !member.stale.has(id),
      );
      return late && `${late.member.id} watches version ${late.version} of ${now}`;
    },
  };
}

async function present({ live }: SiteNode, seed: number): Promise<readonly string[]> {
  const { users } = await live.presence.of("rows/:row", { row: seed });
  return users.map(({ userId }) => userId);
}

async function missing(
  nodes: readonly SiteNode[],
  seed: number,
  members: readonly Member[],
): Promise<string | undefined> {
  if (members.length === 0) return undefined;
  for (const node of nodes) {
    const shown = await present(node, seed);
    const absent = members.find(({ user }) => !shown.includes(user.userId));
    if (absent) return `${absent.user.userId} of ${absent.node.name} is not shown on ${node.name}`;
  }
  return undefined;
}
