import { useLive } from "@livecache/client/react";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import type { NoticeAnswer } from "../../../src/answers.ts";

/** What the head of the school has to say today, above every page. */
export function NoticeStrip() {
  const notice = useLive<NoticeAnswer>("/api/notice").data?.notice;
  if (!notice) return null;
  return (
    <aside className="notice-strip" aria-label="Notice of the school">
      <Icon name="megaphone" />
      <p>
        <strong>{notice.text}</strong>
        <span>
          {notice.by}, <Ago moment={notice.at} />
        </span>
      </p>
    </aside>
  );
}
