import type { ChannelsReport, FeedReport, PresentReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { FeedLines } from "../parts/feed-lines.tsx";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { counted, short } from "../words.ts";

/** The channels with the most members. */
export function Channels() {
  const look = useLook<ChannelsReport>("channels", 5_000);
  return (
    <Page
      title="Channels"
      about="The hundred with the most members, over all nodes."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Card title="Channels by members" flush>
        <Shown look={look}>
          {({ channels, missing }) => (
            <>
              <Missing nodes={missing} />
              {channels.length === 0 ? (
                <Empty icon="channels" title="Nobody is in any channel" />
              ) : (
                <Table
                  label="Channels by members"
                  rows={channels}
                  idOf={({ channel }) => channel}
                  columns={[
                    {
                      title: "Channel",
                      cell: ({ channel }) => (
                        <a className="mono" href={hrefTo("channels/channel", { channel })}>
                          {channel}
                        </a>
                      ),
                    },
                    { title: "Members", isNumber: true, cell: ({ members }) => short(members) },
                    { title: "Nodes", isNumber: true, cell: ({ nodes }) => nodes },
                    {
                      title: "Presence",
                      cell: ({ hasPresence }) => (hasPresence ? "tells who is there" : ""),
                    },
                  ]}
                />
              )}
            </>
          )}
        </Shown>
      </Card>
    </Page>
  );
}

/** Who is in a channel, and what it told lately. */
export function Channel({ name }: { readonly name: string }) {
  const look = useLook<PresentReport>(`presence?channel=${encodeURIComponent(name)}`, 5_000);
  const feed = useLook<FeedReport>("feed?limit=500&kinds=event", 4_000);
  return (
    <Page
      title={name}
      back={{ href: hrefTo("channels"), title: "Channels" }}
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Card title="Who is there" flush>
        <Shown look={look}>{(report) => <Present report={report} />}</Shown>
      </Card>
      <Card title="Events lately" flush>
        <Shown look={feed}>
          {({ lines }) => {
            const own = lines.filter(({ details }) => details["channel"] === name).reverse();
            return own.length === 0 ? (
              <Empty icon="feed" title="It has told nothing lately" />
            ) : (
              <FeedLines lines={own.slice(0, 50)} />
            );
          }}
        </Shown>
      </Card>
    </Page>
  );
}

function Present({ report }: { readonly report: PresentReport }) {
  const { hasPresence, count, users } = report;
  if (!hasPresence) {
    return (
      <Empty icon="users" title="This channel does not tell who is in it">
        <p>
          Its contract can allow it: <code>presence: true</code>.
        </p>
      </Empty>
    );
  }
  if (users.length === 0) return <Empty icon="users" title="Nobody is there" />;
  return (
    <div className="card-body">
      <p className="quiet">
        {counted(count, "person", "people")}
        {count > users.length && `, of whom ${users.length} are shown`}
      </p>
      <ul className="chips">
        {users.map(({ userId }) => (
          <li key={userId}>
            <a className="chip" href={hrefTo("users/user", { id: userId })}>
              {userId}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
