import {
  LiveError,
  NOTIFICATIONS_CHANNEL,
  NOTIFICATION_EVENT,
  READ_EVENT,
  describeIssues,
  formatChannel,
} from "@livecache/wire";
import type { MarkReadRequest, Notification, Schemas } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { OutgoingEvent } from "../ports/change-log.ts";
import type { NoteDeed } from "../ports/notification-store.ts";
import { KEPT_EVENTS } from "./own-channel.ts";

/** Longest body of a notification, in bytes of JSON. */
const MAX_NOTIFICATION_BYTES = 8 * 1024;

/** An event of a user's own channel, on its way. */
export interface NotificationDraft {
  readonly channel: string;
  readonly pattern: string;
  readonly name: string;
  readonly data: unknown;
}

/** Makes the events of users' own channels. */
export interface NotificationMaker {
  /**
   * Makes a notification, whose body is not looked at yet.
   *
   * @throws LiveError `LIVE_EVENT_INVALID` for a kind that the contract does not have; `LIVE_INPUT_INVALID` for what is no id of a user
   */
  notification(
    userId: string,
    kind: string,
    data: unknown,
  ): { readonly id: string; readonly event: NotificationDraft };
  /** Makes the event that says what a user has read. Throws `LIVE_INPUT_INVALID` for what is no id of a user. */
  marks(userId: string, marks: MarkReadRequest): NotificationDraft;
  /** Whether an event was made here. */
  owns(event: NotificationDraft): boolean;
  /** Checks the body of an event that was made here, and serialises it. Rejects with `LIVE_EVENT_INVALID`. */
  prepare(event: NotificationDraft): Promise<OutgoingEvent>;
}

/** What prepares one event. */
type Prepare = () => Promise<{ readonly body: object; readonly note: NoteDeed }>;

/** Makes the maker of a contract's notifications. */
export function createNotificationMaker(schemas: Schemas, clock: Clock): NotificationMaker {
  const drafts = new WeakMap<NotificationDraft, Prepare>();

  function draft(userId: string, name: string, prepare: Prepare): NotificationDraft {
    const channel = channelOf(userId);
    const event = { channel, pattern: NOTIFICATIONS_CHANNEL, name, data: undefined };
    drafts.set(event, prepare);
    return event;
  }

  async function check(kind: string, data: unknown): Promise<unknown> {
    const result = await schemas[kind]!["~standard"].validate(data);
    if (result.issues) throw invalid(kind, `${describeIssues(result.issues)}.`);
    return result.value;
  }

  return {
    notification(userId, kind, data) {
      if (!Object.hasOwn(schemas, kind)) {
        const known = Object.keys(schemas).join(", ") || "none";
        throw invalid(kind, `the contract has no such kind of notification. It has: ${known}.`);
      }
      const [id, at] = [randomWord(16), clock.wall()];
      const event = draft(userId, NOTIFICATION_EVENT, async () => {
        const body: Notification = { id, kind, data: await check(kind, data), at };
        const bytes = Buffer.byteLength(JSON.stringify(body));
        if (bytes > MAX_NOTIFICATION_BYTES) {
          const hint = "Send an id and let clients load the rest.";
          throw invalid(
            kind,
            `it has ${bytes} bytes, at most ${MAX_NOTIFICATION_BYTES} are allowed. ${hint}`,
          );
        }
        return { body, note: { type: "add", userId, id } };
      });
      return { id, event };
    },
    marks(userId, { upTo, ids }) {
      return draft(userId, READ_EVENT, async () => {
        if (upTo !== undefined) return { body: { upTo }, note: { type: "read", userId, upTo } };
        return { body: { ids }, note: { type: "read", userId, ids } };
      });
    },
    owns: (event) => drafts.has(event),
    async prepare(event) {
      const { channel, name } = event;
      const { body, note } = await drafts.get(event)!();
      const kept = { maxEvents: KEPT_EVENTS.events, maxAgeMs: KEPT_EVENTS.ageMs };
      return { channel, name, body: JSON.stringify(body), kept, note };
    },
  };
}

/** The channel of a user's notifications. Throws `LIVE_INPUT_INVALID` for what is no id of a user. */
export function channelOf(userId: string): string {
  if (typeof userId !== "string" || userId === "") {
    const received = JSON.stringify(userId) ?? typeof userId;
    throw new LiveError("LIVE_INPUT_INVALID", `notifications: expected a userId, received ${received}.`);
  }
  return formatChannel(NOTIFICATIONS_CHANNEL, { userId });
}

function invalid(kind: string, why: string): LiveError {
  return new LiveError("LIVE_EVENT_INVALID", `Notification ${JSON.stringify(kind) ?? typeof kind}: ${why}`);
}
