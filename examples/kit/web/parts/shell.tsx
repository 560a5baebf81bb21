import type { ReactNode } from "react";
import { Link, usePlace } from "../router.tsx";
import { initials } from "../words.ts";
import { Brand } from "./brand.tsx";
import { ConnectionBadge, OfflineBanner } from "./connection.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";
import { useToast } from "./toasts.tsx";

/** A page that the navigation leads to. */
export interface ShellLink {
  readonly href: string;
  readonly icon: IconName;
  readonly words: string;
}

export interface ShellProps {
  readonly links: readonly ShellLink[];
  /** Stands above the links: a choice of what they are about. */
  readonly choice?: ReactNode;
  /** Stands beside who is signed in: notifications, say. */
  readonly corner?: ReactNode;
  readonly who: { readonly name: string; readonly words: string; readonly className?: string };
  readonly signOut: () => Promise<void>;
  readonly children: ReactNode;
}

/** What surrounds every page: the way to the others, who one is, and whether the page is up to date. */
export function Shell({ links, choice, corner, who, signOut, children }: ShellProps) {
  const { path } = usePlace();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="side">
        <Brand />
        <ConnectionBadge />
        {choice}
        <nav className="side-links" aria-label="Pages">
          {links.map(({ href, icon, words }) => (
            <Link key={href} href={href} aria-current={path === href ? "page" : undefined}>
              <Icon name={icon} /> {words}
            </Link>
          ))}
        </nav>
        {corner && <div className="side-corner">{corner}</div>}
        <WhoAmI who={who} signOut={signOut} />
      </header>
      <main id="main" className="content" tabIndex={-1}>
        <OfflineBanner />
        {children}
      </main>
    </div>
  );
}

function WhoAmI({ who, signOut }: Pick<ShellProps, "who" | "signOut">) {
  const toast = useToast();
  function leave(): void {
    signOut().catch((error: Error) => toast({ title: "Not signed out", body: error.message, icon: "alert" }));
  }
  return (
    <div className="who">
      <span className={`avatar ${who.className ?? ""}`} aria-hidden="true">
        {initials(who.name)}
      </span>
      <span className="who-text">
        <strong>{who.name}</strong>
        <span>{who.words}</span>
      </span>
      <button type="button" className="button-icon" aria-label="Sign out" title="Sign out" onClick={leave}>
        <Icon name="out" />
      </button>
    </div>
  );
}
