import { formatCursor } from "@livecache/wire";
import type { Cursor, PresenceDiffFrame, PresentUser } from "@livecache/wire";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type { KeptDiff, KeptPage, KeptUser, PageQuery } from "../ports/presence-store.ts";

/** What a node knows of the users in a channel, at one version. Of many users it knows the number only. */
export interface View {
  version: Cursor;
  count: number;
  users: Map<string, KeptUser> | undefined;
}

/** The view that a first page of {@link MAX_LISTED} users gives. */
export function toView({ version, count, users, next }: KeptPage): View {
  const isWhole = next === undefined && users.length <= MAX_LISTED;
  return { version, count, users: isWhole ? toMap(users) : undefined };
}

function toMap(users: readonly KeptUser[]): Map<string, KeptUser> {
  return new Map(users.map((user) => [user.userId, user]));
}

/** A view that does not change with the other one. */
export function copyView({ version, count, users }: View): View {
  return { version, count, users: users && new Map(users) };
}

/**
 * Takes one step. `"old"`: the view is past it already. `"hole"`: steps before it are missing, or the users are not known any more; the
 * view is to be read anew. `"epoch"`: so it is, and the ground has lost what it knew.
 */
export function takeDiff(
  view: View,
  { version, count, moves }: KeptDiff,
): "taken" | "old" | "hole" | "epoch" {
  if (version.epoch !== view.version.epoch) return "epoch";
  if (version.offset <= view.version.offset) return "old";
  if (moves && (!view.users || version.offset > view.version.offset + 1)) return "hole";
  view.version = version;
  view.count = count;
  if (!moves) view.users = undefined;
  for (const user of moves?.joined ?? []) view.users!.set(user.userId, user);
  for (const user of moves?.changed ?? []) view.users!.set(user.userId, user);
  for (const userId of moves?.left ?? []) view.users!.delete(userId);
  return "taken";
}

/** The frame that leads from one view to another; nothing when nobody would see a difference. */
export function toFrame(channel: string, from: View, to: View): PresenceDiffFrame | undefined {
  const version = formatCursor(to.version);
  const place = { channel, version, count: to.count };
  if (!from.users || !to.users) {
    return from.count === to.count && from.users === to.users ? undefined : place;
  }
  const joined: PresentUser[] = [];
  const changed: PresentUser[] = [];
  for (const user of to.users.values()) {
    const before = from.users.get(user.userId);
    if (!before) joined.push(toPresent(user));
    else if (before.state !== user.state || before.meta !== user.meta) changed.push(toPresent(user));
  }
  const left = [...from.users.keys()].filter((userId) => !to.users!.has(userId));
  if (joined.length + changed.length + left.length === 0) return undefined;
  return { ...place, from: formatCursor(from.version), joined, left, changed };
}

/** A user as clients are told of them. */
export function toPresent({ userId, state, meta }: KeptUser): PresentUser {
  if (meta === undefined) return { userId, state };
  try {
    return { userId, state, meta: JSON.parse(meta) as unknown };
  } catch {
    // Somebody else wrote under our keys.
    return { userId, state };
  }
}

/** The users of a view by their ids, in the order of pages. */
export function usersInOrder(users: ReadonlyMap<string, KeptUser>): KeptUser[] {
  const keyed = [...users.values()].map((user) => ({ user, bytes: Buffer.from(user.userId) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ user }) => user);
}

/** One page of users in their order. */
export function cutPage(
  users: readonly KeptUser[],
  { after, limit }: PageQuery,
): Pick<KeptPage, "users" | "next"> {
  const first = after === undefined ? 0 : users.findIndex(({ userId }) => isAfter(userId, after));
  if (first < 0) return { users: [] };
  const shown = users.slice(first, first + limit);
  return first + limit < users.length ? { users: shown, next: shown.at(-1)!.userId } : { users: shown };
}

function isAfter(userId: string, other: string): boolean {
  return Buffer.compare(Buffer.from(userId), Buffer.from(other)) > 0;
}
