import { LiveProvider, useConnection } from "@livecache/client/react";
import { useOwnLiveClient } from "example-kit/web/live.ts";
import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { ToastProvider } from "example-kit/web/parts/toasts.tsx";
import { Link, usePlace } from "example-kit/web/router.tsx";
import { useEffect } from "react";
import type { Person } from "../../src/answers.ts";
import { DriveProvider } from "./drive/drive.tsx";
import { RegionNews } from "./parts/region-news.tsx";
import { MapPage } from "./pages/map.tsx";
import { RoadsPage } from "./pages/roads.tsx";
import { SessionsPage } from "./pages/sessions.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { useSession } from "./session.tsx";
import { ROLE_WORDS } from "./words.ts";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  const { state, person, reload } = useSession();
  if (state === "loading") return <Splash />;
  if (state === "unreachable") {
    return (
      <main className="splash" id="main">
        <Trouble what="Road Watch" words="The server cannot be reached." onRetry={reload} />
      </main>
    );
  }
  return person ? <SignedIn key={person.userId} person={person} /> : <SignInPage />;
}

function Splash() {
  return (
    <main className="splash" id="main">
      <Skeleton rows={3} height={72} />
    </main>
  );
}

/** One live client for each person: it opens its connection with that person's cookie. */
function SignedIn({ person }: { person: Person }) {
  const client = useOwnLiveClient();
  if (!client) return <Splash />;
  return (
    <LiveProvider client={client}>
      <ToastProvider>
        <DriveProvider>
          <RegionNews />
          <Pages person={person} />
        </DriveProvider>
      </ToastProvider>
    </LiveProvider>
  );
}

const LINKS: readonly ShellLink[] = [
  { href: "/", icon: "map", words: "Map" },
  { href: "/roads", icon: "list", words: "Roads" },
];
const OPERATOR_LINK: ShellLink = { href: "/sessions", icon: "person", words: "Connections" };

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { reload, signOut } = useSession();
  const connection = useConnection();
  // Elsewhere, too: in another window, say.
  const signedOut = connection.status === "offline" && connection.code === "LIVE_IDENTITY_ENDED";
  useEffect(() => {
    if (signedOut) reload();
  }, [signedOut, reload]);
  const isOperator = person.role === "operator";
  return (
    <Shell
      links={isOperator ? [...LINKS, OPERATOR_LINK] : LINKS}
      who={{ name: person.name, words: ROLE_WORDS[person.role], className: `role-${person.role}` }}
      signOut={signOut}
    >
      {pageAt(path, isOperator)}
    </Shell>
  );
}

function pageAt(path: string, isOperator: boolean) {
  if (path === "/") return <MapPage />;
  if (path === "/roads") return <RoadsPage />;
  if (path === "/sessions" && isOperator) return <SessionsPage />;
  return (
    <Empty title="There is nothing here">
      <Link href="/">Go to the map</Link>
    </Empty>
  );
}
