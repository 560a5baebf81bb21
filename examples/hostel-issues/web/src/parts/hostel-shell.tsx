import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import { go, usePlace } from "example-kit/web/router.tsx";
import type { ReactNode } from "react";
import type { Hostel } from "../../../src/answers.ts";
import { usePerson, useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

export interface HostelShellProps {
  readonly hostels: readonly Hostel[];
  /** The hostel that the navigation leads to. */
  readonly hostel: Hostel;
  readonly children: ReactNode;
}

const DASHBOARD: ShellLink = { href: "/dashboard", icon: "chart", words: "Dashboard" };

/** What surrounds the pages of a hostel. */
export function HostelShell({ hostels, hostel, children }: HostelShellProps) {
  const { name, role } = usePerson();
  const { signOut } = useSession();
  const links: ShellLink[] = [
    { href: `/hostels/${hostel.id}/issues`, icon: "list", words: "Issues" },
    { href: `/hostels/${hostel.id}/announcements`, icon: "megaphone", words: "Announcements" },
  ];
  return (
    <Shell
      links={role === "management" ? [DASHBOARD, ...links] : links}
      choice={hostels.length > 1 && <HostelChoice hostels={hostels} hostel={hostel} />}
      who={{ name, words: ROLE_WORDS[role], className: `role-${role}` }}
      signOut={signOut}
    >
      {children}
    </Shell>
  );
}

function HostelChoice({ hostels, hostel }: { hostels: readonly Hostel[]; hostel: Hostel }) {
  const { path } = usePlace();
  const page = path.endsWith("/announcements") ? "announcements" : "issues";
  return (
    <label className="side-choice">
      <span>Hostel</span>
      <select value={hostel.id} onChange={(event) => go(`/hostels/${event.target.value}/${page}`)}>
        {hostels.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
