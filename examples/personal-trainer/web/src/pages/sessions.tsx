import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { useState } from "react";
import type { GroupSession } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { SessionForm } from "../parts/session-form.tsx";
import { Sessions } from "../parts/sessions.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";

const NOTES = {
  trainer: "What you announce reaches all of your clients at once, and waits for those who are away.",
  member: "What your trainer does with the whole group.",
} as const;

/** Sessions of a trainer with all clients. */
export function SessionsPage() {
  const { role, trainerId } = usePerson();
  const [announcing, setAnnouncing] = useState(false);
  return (
    <>
      <PageHead title="Sessions" note={NOTES[role]}>
        {role === "trainer" && (
          <button type="button" className="button button-main" onClick={() => setAnnouncing(true)}>
            <Icon name="megaphone" size={18} /> Announce a session
          </button>
        )}
      </PageHead>
      <Loaded<GroupSession[]> key={trainerId} path="/api/group-sessions" what="The sessions" rows={2}>
        {(sessions, source) =>
          sessions.length === 0 ? (
            <Empty title="Nothing is planned">New sessions appear here by themselves.</Empty>
          ) : (
            <Card title="To come" source={source}>
              <Sessions sessions={sessions} />
            </Card>
          )
        }
      </Loaded>
      {announcing && <SessionForm onClose={() => setAnnouncing(false)} />}
    </>
  );
}
