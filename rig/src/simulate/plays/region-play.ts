import { Member } from "../member.ts";
import type { MemberEars } from "../member.ts";
import type { SiteNode } from "../site.ts";
import type { Play, Stage } from "../stage.ts";

/** Longest that somebody who left is still counted: the lease of a node that could not say so, and its removal by another. */
const GHOST_MS = 2_000 + 3_000;

/** About the size of a cell, in degrees: a step leads into another one. */
const STEP = 0.02;

/** Sockets that move on the map, in a few cells that no other schedule uses. */
export function playRegion(stage: Stage): Play {
  const { site, random, seed } = stage;
  const origin = {
    latitude: ((seed * 7_919) % 16_000) / 100 - 80,
    longitude: ((seed * 104_729) % 35_000) / 100 - 175,
  };
  const members: Member[] = [];
  /** Where each of them is; it was told so. */
  const places = new Map<Member, string>();
  const cells = new Set<string>();
  const ears: MemberEars = {
    onEvent: () => undefined,
    onFault: () => undefined,
    // What it could not join is refused for good: it is nowhere then.
    onLeft: (member) => void places.delete(member),
  };

  const here = (): readonly Member[] => members.filter(({ isOpen }) => isOpen);

  async function move(member: Member): Promise<void> {
    const point = { ...origin, latitude: origin.latitude + random.integer(3) * STEP };
    const wanted = member.node.live.regions.cellOf(point);
    // Who locates twice is where they said last; a refusal puts them nowhere.
    places.set(member, wanted);
    cells.add(wanted);
    try {
      const { pending } = await member.locate(point);
      stage.count(pending ? "locate pending" : "locate");
    } catch (error) {
      if (places.get(member) === wanted) places.delete(member);
      throw error;
    }
  }

  async function arrive(): Promise<void> {
    const user = { userId: stage.name(`p${members.length % 2}-`) };
    const member = new Member(stage.name(`r${members.length}-`), stage.node(), { user, ears });
    members.push(member);
    await member.connect();
    await move(member);
  }

  async function moveOn(): Promise<void> {
    const [member] = here();
    if (member?.isConnected) await move(member);
  }

  async function leave(): Promise<void> {
    random.pick([undefined, ...here()])?.close();
  }

  return {
    acts: [arrive, arrive, moveOn, moveOn, leave],
    async unsettled() {
      const expected = here().flatMap((member) => {
        const cell = places.get(member);
        return cell === undefined ? [] : { id: member.id, userId: member.user.userId, cell };
      });
      for (const node of site.nodes) {
        const wrong = (await wrongCell(node, expected, cells)) ?? (await wrongPlace(node, expected));
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
    end() {
      for (const member of members) member.close();
      if (cells.size === 0) return;
      stage.later(GHOST_MS, async () => {
        for (const cell of cells) {
          const { count } = await site.nodes[0]!.live.regions.count(cell);
          if (count > 0) return `${count} who left are counted in ${cell}`;
        }
        return undefined;
      });
    },
  };
}

/** Where somebody has to be. */
interface Expected {
  readonly id: string;
  readonly userId: string;
  readonly cell: string;
}

/** A cell that a node shows with others than it should, or counts otherwise. */
async function wrongCell(
  { name, live }: SiteNode,
  expected: readonly Expected[],
  cells: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const cell of cells) {
    const { members, scope } = await live.regions.members(cell);
    const { count } = await live.regions.count(cell);
    const shown = namesOf(members);
    const wanted = namesOf(expected.filter((one) => one.cell === cell));
    if (scope !== "cluster" || shown !== wanted)
      return `${name} shows "${shown}" in ${cell}, not "${wanted}"`;
    if (count !== members.length) return `${name} counts ${count} in ${cell}, and shows ${members.length}`;
  }
  return undefined;
}

function namesOf(people: readonly { readonly userId?: string | undefined }[]): string {
  const names = people.map(({ userId }) => userId);
  return names.sort().join(" ");
}

/** Somebody whom a node finds elsewhere. */
async function wrongPlace(
  { name, live }: SiteNode,
  expected: readonly Expected[],
): Promise<string | undefined> {
  for (const { id, cell } of expected) {
    const found = await live.regions.of(id);
    if (found !== cell) return `${name} finds ${id} in ${found}, not ${cell}`;
  }
  return undefined;
}
