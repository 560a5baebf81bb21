import { NotificationBell } from "example-kit/web/parts/notification-bell.tsx";
import type { NotificationWords } from "example-kit/web/parts/notification-bell.tsx";
import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import type { ReactNode } from "react";
import type { AuditCommented, AuditCreated } from "../../../src/contract.ts";
import { usePerson, useSession } from "../session.tsx";
import { RESULT_WORDS, ROLE_WORDS } from "../words.ts";

const AUDITS: ShellLink = { href: "/audits", icon: "list", words: "Audits" };
const ACCOUNT: ShellLink = { href: "/account", icon: "person", words: "Account" };
const ADMIN_LINKS: readonly ShellLink[] = [
  { href: "/plant", icon: "factory", words: "Plant" },
  { href: "/caches", icon: "gauge", words: "Caches" },
];

/** What surrounds every page, with the bell beside who is signed in. */
export function PartsShell({ children }: { children: ReactNode }) {
  const { name, role } = usePerson();
  const { signOut } = useSession();
  return (
    <Shell
      links={[AUDITS, ...(role === "admin" ? ADMIN_LINKS : []), ACCOUNT]}
      corner={<NotificationBell describe={describe} />}
      who={{ name, words: ROLE_WORDS[role], className: `role-${role}` }}
      signOut={signOut}
    >
      {children}
    </Shell>
  );
}

function describe({ kind, data }: { kind: string; data: unknown }): NotificationWords {
  if (kind === "audit-created") {
    const { auditId, place, process, result, by } = data as AuditCreated;
    return {
      title: `${RESULT_WORDS[result]}: ${process}`,
      body: `${place}, by ${by.name}`,
      icon: result === "passed" ? "check" : "alert",
      href: `/audits/${auditId}`,
      isBad: result === "failed",
    };
  }
  const { auditId, place, text, by } = data as AuditCommented;
  return { title: `${by.name}: ${text}`, body: place, icon: "speech", href: `/audits/${auditId}` };
}
