import { useConnection, useNotifications } from "@livecache/client/react";
import type { NotificationsResult } from "@livecache/client/react";
import { useId, useRef } from "react";
import { Link } from "../router.tsx";
import { Ago } from "./ago.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

type KeptNotification = NotificationsResult["items"][number];

/** What a notification says to its reader, and where it leads. */
export interface NotificationWords {
  readonly title: string;
  readonly body: string;
  readonly icon: IconName;
  readonly href: string;
  /** Whether it is about something that went wrong. */
  readonly isBad?: boolean;
}

export interface NotificationBellProps {
  readonly describe: (notification: KeptNotification) => NotificationWords;
}

/** The reader's notifications behind a bell that counts the unread ones. It says as well whether new ones would arrive now. */
export function NotificationBell({ describe }: NotificationBellProps) {
  const notifications = useNotifications();
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const { unread } = notifications;
  return (
    <>
      <button
        type="button"
        className="bell"
        popoverTarget={id}
        aria-label={unread > 0 ? `Notifications, ${unread} unread` : "Notifications"}
      >
        <Icon name="bell" />
        <span className="bell-words" aria-hidden="true">
          Notifications
        </span>
        {unread > 0 && (
          <span key={unread} className="bell-count" aria-hidden="true">
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </button>
      <div ref={panel} id={id} popover="auto" className="notices" role="region" aria-label="Notifications">
        <NoticesHead notifications={notifications} />
        <NoticeList
          notifications={notifications}
          describe={describe}
          onFollow={() => panel.current?.hidePopover()}
        />
      </div>
    </>
  );
}

function NoticesHead({ notifications: { items, unread, markRead } }: { notifications: NotificationsResult }) {
  const { status } = useConnection();
  const isOnline = status === "online";
  return (
    <header className="notices-head">
      <p>
        <strong>{unread === 0 ? "Nothing unread" : `${unread} unread`}</strong>
        <span className={isOnline ? "notices-live" : "notices-away"}>
          {isOnline ? "New ones arrive as they happen" : "No connection. New ones arrive when it is back"}
        </span>
      </p>
      {unread > 0 && items[0] && (
        <button
          type="button"
          className="button button-step"
          // What could not be marked stays unread, and can be marked again.
          onClick={() => void markRead({ upTo: items[0]!.id }).catch(() => undefined)}
        >
          Mark all as read
        </button>
      )}
    </header>
  );
}

interface NoticeListProps extends NotificationBellProps {
  readonly notifications: NotificationsResult;
  readonly onFollow: () => void;
}

function NoticeList({ notifications, describe, onFollow }: NoticeListProps) {
  const { items, status, hasMore, loadMore, markRead } = notifications;
  if (items.length === 0) {
    return <p className="notices-empty">{EMPTY_WORDS[status]}</p>;
  }
  return (
    <ul className="notices-list">
      {items.map((item) => {
        const { title, body, icon, href, isBad } = describe(item);
        return (
          <li key={item.id}>
            <Link
              className={item.read ? "notice" : "notice notice-unread"}
              href={href}
              onClick={() => {
                onFollow();
                if (!item.read) void markRead({ ids: [item.id] }).catch(() => undefined);
              }}
            >
              <span className={isBad ? "notice-icon notice-icon-bad" : "notice-icon"}>
                <Icon name={icon} size={18} />
              </span>
              <span className="notice-text">
                <strong>{title}</strong>
                <span>{body}</span>
                <span className="notice-when">
                  <Ago moment={new Date(item.at).toISOString()} />
                  {!item.read && <span className="visually-hidden">, unread</span>}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
      {hasMore && (
        <li className="notices-more">
          <button type="button" className="button" onClick={() => void loadMore().catch(() => undefined)}>
            Show older ones
          </button>
        </li>
      )}
    </ul>
  );
}

const EMPTY_WORDS = {
  loading: "Loading…",
  error: "They could not be loaded. The page tries again by itself.",
  ready: "Nothing has happened yet that you should know.",
} as const;
