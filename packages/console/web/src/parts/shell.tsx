import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useSurroundings } from "../api/context.ts";
import { useCost } from "../api/cost.ts";
import { hrefTo, useRoute } from "../route.ts";
import { bytes, time, whole } from "../words.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

interface Entry {
  readonly page: string;
  readonly title: string;
  readonly icon: IconName;
}

const NAVIGATION: readonly { readonly title: string; readonly entries: readonly Entry[] }[] = [
  {
    title: "Now",
    entries: [
      { page: "overview", title: "Overview", icon: "overview" },
      { page: "feed", title: "Events", icon: "feed" },
    ],
  },
  {
    title: "Data",
    entries: [
      { page: "caches", title: "Caches", icon: "caches" },
      { page: "keys", title: "Keys", icon: "keys" },
      { page: "tags", title: "Tags", icon: "tags" },
      { page: "changes", title: "Changes", icon: "changes" },
    ],
  },
  {
    title: "People",
    entries: [
      { page: "users", title: "Users", icon: "users" },
      { page: "sockets", title: "Sockets", icon: "sockets" },
      { page: "channels", title: "Channels", icon: "channels" },
      { page: "map", title: "Map", icon: "map" },
    ],
  },
  {
    title: "System",
    entries: [
      { page: "nodes", title: "Nodes", icon: "nodes" },
      { page: "ground", title: "Redis", icon: "ground" },
      { page: "audit", title: "Audit", icon: "audit" },
    ],
  },
];

/** What stands around every page: where one can go, who looks on, and what that costs. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { page } = useRoute();
  const [section = page] = page.split("/");
  const menu = useRef<HTMLElement>(null);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (menu.current?.matches(":popover-open")) menu.current.hidePopover();
    scrollTo(0, 0);
  }, [page]);
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className="top">
        <Brand />
        <button type="button" popoverTarget="menu">
          <Icon name="menu" /> Menu
        </button>
      </header>
      <aside className="side" aria-label="Where to go">
        <Navigation section={section} />
      </aside>
      <aside className="side is-popover" id="menu" popover="auto" ref={menu} aria-label="Menu">
        <Navigation section={section} />
      </aside>
      <main className="main" id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
    </div>
  );
}

function Brand() {
  const { about } = useSurroundings();
  return (
    <div className="brand">
      <svg width="34" height="34" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="#0b6e68" />
        <path
          d="M7 17h4l3-8 4 14 3-9 1.500 3H25"
          fill="none"
          stroke="#fff"
          strokeWidth="2.500"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span>
        {about.title}
        <small>Console</small>
      </span>
    </div>
  );
}

function Navigation({ section }: { readonly section: string }) {
  const { about } = useSurroundings();
  return (
    <>
      <Brand />
      <nav className="nav" aria-label="Pages">
        {NAVIGATION.map(({ title, entries }) => (
          <div key={title}>
            <h2>{title}</h2>
            <ul>
              {entries.map((entry) => (
                <li key={entry.page}>
                  <a href={hrefTo(entry.page)} aria-current={section === entry.page ? "page" : undefined}>
                    <Icon name={entry.icon} />
                    {entry.title}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {about.others.length > 0 && (
          <div>
            <h2>Other consoles</h2>
            <ul>
              {about.others.map(({ title, href }) => (
                <li key={href}>
                  <a href={href}>{title}</a>
                </li>
              ))}
            </ul>
          </div>
        )}
      </nav>
      <Foot />
    </>
  );
}

/** Who looks on, and what the console has cost the server. */
function Foot() {
  const { about, client } = useSurroundings();
  const { requests, bytes: read, serverMs } = useCost(client.meter);
  const { name, role } = about.operator;
  return (
    <div className="side-foot">
      <p>
        <strong>{name}</strong>
        <br />
        {role === "act" ? "may act" : "looks on, and may not act"}
      </p>
      <p title="Since this page was opened. It asks only while it is visible, and less often when answers take long.">
        This console cost {whole(requests)} requests, {bytes(read)} and {time(serverMs)} of the server
      </p>
    </div>
  );
}
