import { LiveError, formatCursor, isLiveError } from "@livecache/wire";
import type { KeptNotification, MarkReadReply, MarkReadRequest, NotificationsReply } from "@livecache/wire";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import type { NotificationStore } from "../ports/notification-store.ts";
import { readMarkFrame, readPageFrame } from "./notification-frame.ts";
import type { PageRequest } from "./notification-frame.ts";
import { channelOf } from "./notification-maker.ts";
import type { NotificationDraft, NotificationMaker } from "./notification-maker.ts";

/** What notifications need from their surroundings. */
export interface NotificationsParts {
  readonly maker: NotificationMaker;
  readonly store: NotificationStore;
  /** Publishes an event with what it does; `pending` when the ground is told later. */
  readonly publish: (event: NotificationDraft) => Promise<{ readonly pending: boolean }>;
  /** Whether the contract has notifications at all. */
  readonly offered: boolean;
}

/** What is kept for the users of an application to read. */
export interface NotificationRoom {
  /** Answers a page, the newest first. Rejects with `LIVE_INPUT_INVALID`, and as the ground does. */
  list(userId: string, page?: Partial<PageRequest>): Promise<NotificationsReply>;
  /** How many are unread. Rejects as the ground does. */
  unread(userId: string): Promise<number>;
  /**
   * Marks as read, and tells the user's tabs, in one step. Rejects with `LIVE_INPUT_INVALID`, and never because the ground is away: the
   * mark is then made later.
   */
  markRead(userId: string, marks: MarkReadRequest): Promise<MarkReadReply>;
  /** Begins with one socket: its frames are `notifications` and `mark-read`, for the user of the socket. */
  conversation(peer: Peer): Conversation;
}

/** Makes it. */
export function createNotifications({
  store,
  maker,
  publish,
  offered,
}: NotificationsParts): NotificationRoom {
  async function list(userId: string, { before, limit }: PageRequest): Promise<NotificationsReply> {
    const channel = channelOf(userId);
    const { notes, next, unread, cursor } = await store.page(userId, { channel, before, limit });
    const items = notes.map(({ body, read }) => ({ ...(JSON.parse(body) as KeptNotification), read }));
    return { items, unread, channel, cursor: formatCursor(cursor), ...(next !== undefined && { next }) };
  }

  async function markRead(userId: string, marks: MarkReadRequest): Promise<MarkReadReply> {
    const { pending } = await publish(maker.marks(userId, marks));
    // The mark is made, or will be: that nobody can be asked how many are left is no failure of it.
    const unread = pending ? undefined : await store.unread(userId).catch(() => undefined);
    return unread === undefined ? {} : { unread };
  }

  function userOf(frame: string, peer: Peer): string {
    if (!offered) {
      throw new LiveError("LIVE_CHANNEL_UNKNOWN", `${frame}: the contract has no notifications.`);
    }
    const userId = peer.identity()?.userId;
    if (userId !== undefined) return userId;
    throw new LiveError("LIVE_CHANNEL_REFUSED", `${frame}: this connection belongs to no user.`);
  }

  return {
    list: async (userId, page = {}) =>
      list(
        userId,
        asInput(() => readPageFrame(page)),
      ),
    async unread(userId) {
      channelOf(userId);
      return store.unread(userId);
    },
    markRead: async (userId, marks) =>
      markRead(
        userId,
        asInput(() => readMarkFrame(marks)),
      ),
    conversation(peer) {
      const page: FrameHandler = async (request, answer) => {
        const asked = readPageFrame(request);
        answer(await list(userOf("notifications", peer), asked));
      };
      const mark: FrameHandler = async (request, answer) => {
        const marks = readMarkFrame(request);
        answer(await markRead(userOf("mark-read", peer), marks));
      };
      return { frames: { notifications: page, "mark-read": mark }, close: () => undefined };
    },
  };
}

/** Reads what the application handed in as if a client had sent it. */
function asInput<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isLiveError(error) ? new LiveError("LIVE_INPUT_INVALID", error.message) : error;
  }
}
