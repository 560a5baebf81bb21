import { useLive } from "@livecache/client/react";
import { useState } from "react";
import type { AnnouncementsAnswer, Hostel } from "../../../src/answers.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { AnnouncementForm } from "../parts/announcement-form.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { usePerson } from "../session.tsx";

/** What the wardens of a hostel and management announced, newest first. */
export function AnnouncementsPage({ hostel }: { hostel: Hostel }) {
  const person = usePerson();
  const [writing, setWriting] = useState(false);
  const { data, error, refetch } = useLive<AnnouncementsAnswer>(`/api/hostels/${hostel.id}/announcements`);
  return (
    <>
      <PageHead title="Announcements" note={hostel.name}>
        {person.role !== "student" && (
          <button type="button" className="button button-main" onClick={() => setWriting(true)}>
            <Icon name="megaphone" /> Announce something
          </button>
        )}
      </PageHead>
      {!data && !error && <Skeleton rows={3} height={120} />}
      {!data && error && <Trouble what="The announcements" words={wordsFor(error)} onRetry={refetch} />}
      {data && data.announcements.length === 0 && (
        <Empty title="All quiet">
          <p>Nothing has been announced in {hostel.name} yet.</p>
        </Empty>
      )}
      {data && data.announcements.length > 0 && (
        <ul className="rows">
          {data.announcements.map(({ id, title, body, author, hostelId, createdAt }) => (
            <li key={id} className="announcement">
              <h2>{title}</h2>
              <p>{body}</p>
              <p className="row-facts">
                <span>{author.name}</span>
                {hostelId === null && <span>to every hostel</span>}
                <Ago moment={createdAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {writing && <AnnouncementForm hostel={hostel} onClose={() => setWriting(false)} />}
    </>
  );
}
