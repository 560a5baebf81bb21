import { usePresence } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { Link, go, usePlace } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { Person, Workout } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { ProgressView } from "../parts/progress-view.tsx";
import { RecordsView } from "../parts/records-view.tsx";
import { WorkoutList } from "../parts/workout-list.tsx";
import { WorkoutSheet } from "../parts/workout-sheet.tsx";
import { Loaded } from "../sourced.tsx";

/** One client, as their trainer sees them. */
export function ClientPage({ memberId }: { memberId: string }) {
  return (
    <>
      <p className="way-back">
        <Link href="/">
          <Icon name="back" size={16} /> All clients
        </Link>
      </p>
      <Loaded<Person> path={`/api/users/${memberId}/profile`} what="This client" height={60}>
        {(person) => <Head person={person} />}
      </Loaded>
      <div className="dashboard">
        <ProgressView userId={memberId} isOwn={false} />
        <MemberWorkouts memberId={memberId} />
      </div>
      <h2 className="part-head">Records</h2>
      <RecordsView userId={memberId} />
    </>
  );
}

function Head({ person: { userId, name, about } }: { person: Person }) {
  const { users } = usePresence("progress/:userId", { userId });
  const isHere = users.some((user) => user.userId === userId);
  return (
    <PageHead title={name} note={isHere ? `Here now. ${about}` : about}>
      <UnassignButton userId={userId} name={name} />
    </PageHead>
  );
}

function UnassignButton({ userId, name }: Pick<Person, "userId" | "name">) {
  const send = useSend();
  const toast = useToast();
  const [sure, setSure] = useState(false);
  function unassign(): void {
    send("DELETE", `/api/trainer/clients/${userId}`).then(
      () => go("/"),
      (error: Error) => toast({ title: "That did not work", body: error.message, icon: "alert" }),
    );
  }
  return (
    <button
      type="button"
      className={sure ? "button button-bad" : "button"}
      onClick={() => (sure ? unassign() : setSure(true))}
    >
      {sure ? `Yes, let ${name.split(" ")[0]} go` : "End the training"}
    </button>
  );
}

function MemberWorkouts({ memberId }: { memberId: string }) {
  const { query } = usePlace();
  const page = `/clients/${memberId}`;
  const shown = Number(query.get("workout"));
  return (
    <Loaded<Workout[]> path={`/api/members/${memberId}/workouts`} what="The workouts" rows={3} height={80}>
      {(workouts, source) => (
        <Card title="Workouts" className="card-wide" source={source}>
          {workouts.length === 0 && <p className="card-empty">Nothing logged yet.</p>}
          <WorkoutList workouts={workouts.slice(0, 12)} page={page} />
          {shown > 0 && (
            <WorkoutSheet
              key={shown}
              workout={workouts.find(({ id }) => id === shown)}
              onClose={() => go(page)}
            />
          )}
        </Card>
      )}
    </Loaded>
  );
}
