import { NotificationBell } from "example-kit/web/parts/notification-bell.tsx";
import type { NotificationWords } from "example-kit/web/parts/notification-bell.tsx";
import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import type { ReactNode } from "react";
import type { Role } from "../../../src/vocabulary.ts";
import { usePerson, useSession } from "../session.tsx";
import { MARK_WORDS, ROLE_WORDS } from "../words.ts";
import { NoticeStrip } from "./notice-strip.tsx";

const HOME: ShellLink = { href: "/", icon: "house", words: "Today" };
const ACCOUNT: ShellLink = { href: "/account", icon: "person", words: "Account" };

const LINKS: Readonly<Record<Role, readonly ShellLink[]>> = {
  super_admin: [
    HOME,
    { href: "/caches", icon: "gauge", words: "Caches" },
    { href: "/roles", icon: "list", words: "Roles" },
    ACCOUNT,
  ],
  school_admin: [HOME, { href: "/people", icon: "list", words: "People" }, ACCOUNT],
  teacher: [HOME, ACCOUNT],
  staff: [HOME, ACCOUNT],
  student: [HOME, ACCOUNT],
  parent: [HOME, ACCOUNT],
};

type Notification = Parameters<Parameters<typeof NotificationBell>[0]["describe"]>[0];

function wordsOf({ kind, data }: Notification): NotificationWords {
  const about = data as Readonly<Record<string, string>>;
  if (kind === "attendance") {
    const mark = MARK_WORDS[about["mark"] as keyof typeof MARK_WORDS].toLowerCase();
    const title = `${about["student"]} is ${mark} today`;
    return { title, body: `Noted by ${about["by"]}`, icon: "alert", href: "/", isBad: mark === "absent" };
  }
  if (kind === "grades") {
    const body = `${about["subject"]}: ${about["title"]}`;
    return { title: `A new grade for ${about["student"]}`, body, icon: "pencil", href: "/" };
  }
  const title = `${about["from"]} wrote about ${about["student"]}`;
  return { title, body: about["text"] ?? "", icon: "speech", href: `/threads/${about["studentId"]}` };
}

/** What surrounds every page. */
export function SchoolShell({ children }: { children: ReactNode }) {
  const { name, role, post } = usePerson();
  const { signOut } = useSession();
  return (
    <Shell
      links={LINKS[role]}
      corner={<NotificationBell describe={wordsOf} />}
      who={{ name, words: post ?? ROLE_WORDS[role], className: `role-${role}` }}
      signOut={signOut}
    >
      <NoticeStrip />
      {children}
    </Shell>
  );
}
