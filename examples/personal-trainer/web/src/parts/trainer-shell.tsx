import { NotificationBell } from "example-kit/web/parts/notification-bell.tsx";
import type { NotificationWords } from "example-kit/web/parts/notification-bell.tsx";
import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import type { ReactNode } from "react";
import type { AnnouncedSession, Comment } from "../../../src/contract.ts";
import type { Role } from "../../../src/vocabulary.ts";
import { usePerson, useSession } from "../session.tsx";
import { momentWords, ROLE_WORDS } from "../words.ts";

const SESSIONS: ShellLink = { href: "/sessions", icon: "calendar", words: "Sessions" };
const SPEED: ShellLink = { href: "/speed", icon: "gauge", words: "Speed" };

const LINKS: Readonly<Record<Role, readonly ShellLink[]>> = {
  trainer: [{ href: "/", icon: "people", words: "Clients" }, SESSIONS, SPEED],
  member: [
    { href: "/", icon: "house", words: "Today" },
    { href: "/workouts", icon: "list", words: "Workouts" },
    { href: "/muscles", icon: "dumbbell", words: "Muscles" },
    { href: "/records", icon: "trophy", words: "Records" },
    SESSIONS,
    SPEED,
  ],
};

/** What surrounds every page. */
export function TrainerShell({ children }: { children: ReactNode }) {
  const { name, role } = usePerson();
  const { signOut } = useSession();
  return (
    <Shell
      links={LINKS[role]}
      corner={
        <NotificationBell describe={(notification) => wordsOf(notification as unknown as Told, role)} />
      }
      who={{ name, words: ROLE_WORDS[role], className: `role-${role}` }}
      signOut={signOut}
    >
      {children}
    </Shell>
  );
}

/** What the contract says of notifications; the server has checked it. */
type Told =
  | { readonly kind: "commented"; readonly data: Comment }
  | { readonly kind: "session_announced"; readonly data: AnnouncedSession }
  | {
      readonly kind: "session_cancelled";
      readonly data: Pick<AnnouncedSession, "title" | "startsAt" | "trainer">;
    }
  | { readonly kind: "trainer_changed"; readonly data: { readonly trainer: { name: string } | null } };

function wordsOf({ kind, data }: Told, role: Role): NotificationWords {
  switch (kind) {
    case "commented": {
      const page = role === "trainer" ? `/clients/${data.memberId}` : "/workouts";
      const title = `${data.author.name} on "${data.workoutTitle}"`;
      return { title, body: data.text, icon: "speech", href: `${page}?workout=${data.workoutId}` };
    }
    case "session_announced": {
      const body = `${momentWords(data.startsAt)}, ${data.place}`;
      return { title: `New session: ${data.title}`, body, icon: "megaphone", href: "/sessions" };
    }
    case "session_cancelled": {
      const body = `It was to be on ${momentWords(data.startsAt)}.`;
      return { title: `Cancelled: ${data.title}`, body, icon: "calendar", href: "/sessions", isBad: true };
    }
    case "trainer_changed": {
      const title = data.trainer ? `${data.trainer.name} trains you now` : "You have no trainer any more";
      const body = data.trainer
        ? "They see your workouts as you log them."
        : "Nobody but you sees your workouts.";
      return { title, body, icon: "person", href: "/" };
    }
  }
}
