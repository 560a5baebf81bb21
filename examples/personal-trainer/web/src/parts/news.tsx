import { useChannel, useLive } from "@livecache/client/react";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useEffect, useRef } from "react";
import type { Client, Person, Sourced } from "../../../src/answers.ts";
import type { ProgressUpdated } from "../../../src/contract.ts";
import { usePerson, useSession } from "../session.tsx";
import { useUnit } from "../preferences.tsx";
import { ACTION_WORDS, momentWords, volumeWords } from "../words.ts";

/** Tells members what happens elsewhere: in another window of theirs, and with their trainer. */
export function MemberNews() {
  const { userId } = usePerson();
  const me = useMe();
  const toast = useToast();
  useChannel(
    "progress/:userId",
    { userId },
    {
      progressUpdated: ({ action, workout: { records, title } }) => {
        if (action === "deleted" || records === 0) return;
        const words = records === 1 ? "A personal record" : `${records} personal records`;
        toast({ title: words, body: `In "${title}". Well done!`, icon: "trophy", href: "/records" });
      },
      commented: ({ author, text, workoutId }) => {
        if (author.id === userId) return;
        toast({ title: author.name, body: text, icon: "speech", href: `/workouts?workout=${workoutId}` });
      },
    },
  );
  const trainerId = me?.trainerId ?? null;
  useChannel("group/:trainerId", trainerId === null ? null : { trainerId }, {
    session_announced: ({ title, startsAt }) =>
      toast({
        title: `New session: ${title}`,
        body: momentWords(startsAt),
        icon: "megaphone",
        href: "/sessions",
      }),
    onError: leave,
  });
  return null;
}

/** A right ends when a training does; the list of clients, or the profile, says so as well, and with it the listening ends. */
function leave(): void {}

/** Who is signed in, as of now: the name, and who trains them, may change while the page is open. */
function useMe(): Person | undefined {
  const { userId, trainerId, name } = usePerson();
  const { reload } = useSession();
  const { data } = useLive<Sourced<Person>>(`/api/users/${userId}/profile`);
  const me = data?.data;
  const known = useRef(reload);
  useEffect(() => {
    known.current = reload;
  });
  const changed = me !== undefined && (me.trainerId !== trainerId || me.name !== name);
  useEffect(() => {
    if (changed) known.current();
  }, [changed]);
  return me;
}

/** Listens to every client's room, and tells the trainer what they do. */
export function TrainerNews() {
  const { data } = useLive<Sourced<Client[]>>("/api/trainer/clients");
  useMe();
  return data?.data.map(({ userId }) => <ClientNews key={userId} userId={userId} />);
}

function ClientNews({ userId }: { userId: string }) {
  const me = usePerson();
  const toast = useToast();
  const unit = useUnit();
  const tell = ({ userName, action, workout }: ProgressUpdated): void => {
    const records = workout.records > 0 && action !== "deleted" ? `, ${workout.records} records` : "";
    toast({
      title: `${userName} ${ACTION_WORDS[action]} "${workout.title}"`,
      body: `${volumeWords(workout.volumeKg, unit)} in ${workout.minutes} min${records}`,
      icon: "dumbbell",
      href: `/clients/${userId}`,
    });
  };
  useChannel(
    "progress/:userId",
    { userId },
    {
      progressUpdated: tell,
      commented: ({ author, text, workoutId }) => {
        if (author.id === me.userId) return;
        toast({
          title: author.name,
          body: text,
          icon: "speech",
          href: `/clients/${userId}?workout=${workoutId}`,
        });
      },
      onError: leave,
    },
  );
  return null;
}
