import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Client, Refused } from "./api/client.ts";
import { createClient } from "./api/client.ts";
import { SurroundingsContext } from "./api/context.ts";
import type { About } from "./api/context.ts";
import { createCostMeter } from "./api/cost.ts";
import { NodesWatched } from "./api/nodes.tsx";
import { Audit } from "./pages/audit.tsx";
import { Caches } from "./pages/caches.tsx";
import { Changes } from "./pages/changes.tsx";
import { Channel, Channels } from "./pages/channels.tsx";
import { Feed } from "./pages/feed.tsx";
import { Ground } from "./pages/ground.tsx";
import { Key } from "./pages/key.tsx";
import { Keys } from "./pages/keys.tsx";
import { MapPage } from "./pages/map.tsx";
import { Nodes } from "./pages/nodes.tsx";
import { Overview } from "./pages/overview.tsx";
import { Sockets } from "./pages/sockets.tsx";
import { Tag } from "./pages/tag.tsx";
import { Tags } from "./pages/tags.tsx";
import { Trace } from "./pages/trace.tsx";
import { User } from "./pages/user.tsx";
import { Users } from "./pages/users.tsx";
import { Acts } from "./parts/act-dialog.tsx";
import { Page } from "./parts/page.tsx";
import { Shell } from "./parts/shell.tsx";
import { Empty, Waiting } from "./parts/states.tsx";
import { hrefTo, useRoute } from "./route.ts";

/** The console. */
export function App() {
  const client = useMemo(() => createClient(createCostMeter()), []);
  const { about, refused } = useAbout(client);
  if (refused) {
    return (
      <main className="main">
        <div className="card state" role="alert">
          <h1>The console could not be opened</h1>
          <p>{refused.message}</p>
          <button type="button" className="button" onClick={() => location.reload()}>
            Try again
          </button>
        </div>
      </main>
    );
  }
  if (!about) {
    return (
      <main className="main">
        <Waiting />
      </main>
    );
  }
  return (
    <SurroundingsContext value={{ client, about }}>
      <Acts>
        <NodesWatched>
          <Shell>
            <Current />
          </Shell>
        </NodesWatched>
      </Acts>
    </SurroundingsContext>
  );
}

function useAbout(client: Client) {
  const [about, setAbout] = useState<About>();
  const [refused, setRefused] = useState<Refused>();
  useEffect(() => {
    client.look<About>("about").then(setAbout, setRefused);
  }, [client]);
  return { about, refused };
}

const PAGES: Readonly<Record<string, (query: URLSearchParams) => ReactNode>> = {
  overview: () => <Overview />,
  feed: (query) => <Feed search={query.get("search") ?? ""} />,
  caches: () => <Caches />,
  keys: (query) => <Keys pattern={query.get("pattern") ?? ""} search={query.get("search") ?? ""} />,
  "keys/key": (query) => <Key name={query.get("key") ?? ""} />,
  tags: (query) => <Tags search={query.get("search") ?? ""} />,
  "tags/tag": (query) => <Tag name={query.get("tag") ?? ""} />,
  changes: () => <Changes />,
  "changes/trace": (query) => <Trace changeId={query.get("change") ?? ""} />,
  sockets: (query) => <Sockets search={query.get("search") ?? ""} />,
  channels: () => <Channels />,
  "channels/channel": (query) => <Channel name={query.get("channel") ?? ""} />,
  users: () => <Users />,
  "users/user": (query) => <User id={query.get("id") ?? ""} />,
  map: (query) => <MapPage prefix={query.get("prefix") ?? undefined} />,
  nodes: () => <Nodes />,
  ground: () => <Ground />,
  audit: () => <Audit />,
};

function Current() {
  const { page, query } = useRoute();
  if (Object.hasOwn(PAGES, page)) return PAGES[page]!(query);
  return (
    <Page title="There is no such page">
      <div className="card">
        <Empty icon="warn" title="Nothing is here">
          <p>
            <a href={hrefTo("overview")}>Go to the overview</a>
          </p>
        </Empty>
      </div>
    </Page>
  );
}
