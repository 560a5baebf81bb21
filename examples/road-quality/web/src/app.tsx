import { SessionGate } from "example-kit/web/parts/session-gate.tsx";
import { Shell } from "example-kit/web/parts/shell.tsx";
import type { ShellLink } from "example-kit/web/parts/shell.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { Link, usePlace } from "example-kit/web/router.tsx";
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
  return (
    <SessionGate session={useSession()} signInPage={<SignInPage />}>
      {(person) => (
        <DriveProvider>
          <RegionNews />
          <Pages person={person} />
        </DriveProvider>
      )}
    </SessionGate>
  );
}

const LINKS: readonly ShellLink[] = [
  { href: "/", icon: "map", words: "Map" },
  { href: "/roads", icon: "list", words: "Roads" },
];
const OPERATOR_LINK: ShellLink = { href: "/sessions", icon: "person", words: "Connections" };

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { signOut } = useSession();
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
