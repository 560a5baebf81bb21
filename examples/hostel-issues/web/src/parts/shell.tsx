import type { ReactNode } from "react";
import type { Hostel } from "../../../src/answers.ts";
import { initials } from "../pages/sign-in.tsx";
import { Link, go, usePlace } from "../router.tsx";
import { usePerson, useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";
import { Brand } from "./brand.tsx";
import { ConnectionBadge, OfflineBanner } from "./connection.tsx";
import { Icon } from "./icon.tsx";
import { useToast } from "./toasts.tsx";

export interface ShellProps {
  readonly hostels: readonly Hostel[];
  /** The hostel that the navigation leads to. */
  readonly hostel: Hostel;
  readonly children: ReactNode;
}

/** What surrounds every page: the way to the others, who one is, and whether the page is up to date. */
export function Shell({ hostels, hostel, children }: ShellProps) {
  const person = usePerson();
  const { path } = usePlace();
  const links = [
    ...(person.role === "management"
      ? [{ href: "/dashboard", icon: "chart", words: "Dashboard" } as const]
      : []),
    { href: `/hostels/${hostel.id}/issues`, icon: "list", words: "Issues" } as const,
    { href: `/hostels/${hostel.id}/announcements`, icon: "megaphone", words: "Announcements" } as const,
  ];
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="side">
        <Brand />
        <ConnectionBadge />
        {hostels.length > 1 && <HostelChoice hostels={hostels} hostel={hostel} />}
        <nav className="side-links" aria-label="Pages">
          {links.map(({ href, icon, words }) => (
            <Link key={href} href={href} aria-current={path === href ? "page" : undefined}>
              <Icon name={icon} /> {words}
            </Link>
          ))}
        </nav>
        <WhoAmI />
      </header>
      <main id="main" className="content" tabIndex={-1}>
        <OfflineBanner />
        {children}
      </main>
    </div>
  );
}

function HostelChoice({ hostels, hostel }: { hostels: readonly Hostel[]; hostel: Hostel }) {
  const { path } = usePlace();
  const page = path.endsWith("/announcements") ? "announcements" : "issues";
  return (
    <label className="side-hostel">
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

function WhoAmI() {
  const { signOut } = useSession();
  const person = usePerson();
  const toast = useToast();
  function leave(): void {
    signOut().catch((error: Error) => toast({ title: "Not signed out", body: error.message, icon: "alert" }));
  }
  return (
    <div className="who">
      <span className={`avatar role-${person.role}`} aria-hidden="true">
        {initials(person.name)}
      </span>
      <span className="who-text">
        <strong>{person.name}</strong>
        <span>{ROLE_WORDS[person.role]}</span>
      </span>
      <button type="button" className="button-icon" aria-label="Sign out" title="Sign out" onClick={leave}>
        <Icon name="out" />
      </button>
    </div>
  );
}
