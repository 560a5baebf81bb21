import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Link } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { GroupSession, Workout } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { ProfileForm } from "../parts/profile-form.tsx";
import { ProgressView } from "../parts/progress-view.tsx";
import { Sessions } from "../parts/sessions.tsx";
import { TrainerCard } from "../parts/trainer-card.tsx";
import { WorkoutForm } from "../parts/workout-form.tsx";
import { WorkoutList } from "../parts/workout-list.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";

type Open = "workout" | "profile";

/** A member's dashboard. */
export function TodayPage() {
  const { userId, name, about, trainerId, trainerName } = usePerson();
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <PageHead
        title={`Hello, ${name.split(" ")[0]}`}
        note={about || "What do you want to reach? Say so in your profile."}
      >
        <div className="head-actions">
          <button type="button" className="button" onClick={() => setOpen("profile")}>
            <Icon name="person" size={18} /> Profile
          </button>
          <button type="button" className="button button-main" onClick={() => setOpen("workout")}>
            <Icon name="plus" size={18} /> Log a workout
          </button>
        </div>
      </PageHead>
      <div className="dashboard">
        <ProgressView userId={userId} isOwn />
        <TrainerCard trainer={trainerId && trainerName ? { id: trainerId, name: trainerName } : undefined} />
        <NextSession key={trainerId} />
        <LastWorkouts userId={userId} />
      </div>
      {open === "workout" && <WorkoutForm onClose={close} />}
      {open === "profile" && <ProfileForm onClose={close} />}
    </>
  );
}

function NextSession() {
  return (
    <Loaded<GroupSession[]> path="/api/group-sessions" what="The next session">
      {(sessions) => (
        <Card
          title="Next session"
          className="card-sessions"
          action={<Link href="/sessions">All of them</Link>}
        >
          {sessions.length === 0 && <p className="card-empty">Nothing is planned.</p>}
          <Sessions sessions={sessions.slice(0, 1)} />
        </Card>
      )}
    </Loaded>
  );
}

function LastWorkouts({ userId }: { userId: string }) {
  return (
    <Loaded<Workout[]> path={`/api/users/${userId}/workouts`} what="Your workouts" rows={3} height={80}>
      {(workouts, source) => (
        <Card
          title="Last workouts"
          className="card-wide"
          source={source}
          action={<Link href="/workouts">All of them</Link>}
        >
          {workouts.length === 0 && <p className="card-empty">None yet. The first one is the hardest.</p>}
          <WorkoutList workouts={workouts.slice(0, 3)} page="/workouts" />
        </Card>
      )}
    </Loaded>
  );
}
