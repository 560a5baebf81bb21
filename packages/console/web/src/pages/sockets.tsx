import type { SocketsReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { useAct } from "../parts/act-dialog.tsx";
import { disconnectSocketAct } from "../parts/blast.tsx";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { goTo, hrefTo } from "../route.ts";
import { counted, whole } from "../words.ts";

type Socket = SocketsReport["sockets"][number];

/** The connected sockets of all nodes. */
export function Sockets({ search }: { readonly search: string }) {
  const look = useLook<SocketsReport>(`sockets?limit=200&search=${encodeURIComponent(search)}`, 5_000);
  return (
    <Page
      title="Sockets"
      about="Who is connected to which node, and what they are told of."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <form
        className="bar"
        role="search"
        key={search}
        onSubmit={(event) => {
          event.preventDefault();
          goTo(hrefTo("sockets", { search: String(new FormData(event.currentTarget).get("search")).trim() }));
        }}
      >
        <label className="field">
          <span>Text in the id, the user or the address</span>
          <input className="input mono" name="search" type="search" defaultValue={search} />
        </label>
        <button type="submit" className="button main-act">
          Search
        </button>
      </form>
      <Shown look={look}>
        {({ total, sockets, missing }) => (
          <>
            <Missing nodes={missing} />
            <Card
              title={counted(total, "socket")}
              {...(total > sockets.length && {
                about: `${whole(sockets.length)} of them are shown: search for the others.`,
              })}
              flush
            >
              {sockets.length === 0 ? (
                <Empty icon="sockets" title={search === "" ? "Nobody is connected" : "No socket fits"} />
              ) : (
                <SocketTable sockets={sockets} onDone={look.again} />
              )}
            </Card>
          </>
        )}
      </Shown>
    </Page>
  );
}

/** Sockets, each with what it is told of. */
export function SocketTable({
  sockets,
  onDone,
}: {
  readonly sockets: readonly Socket[];
  readonly onDone: () => void;
}) {
  const open = useAct();
  return (
    <Table
      label="Sockets"
      rows={sockets}
      idOf={({ socketId }) => socketId}
      columns={[
        {
          title: "User",
          cell: ({ userId }) =>
            userId === null ? "nobody" : <a href={hrefTo("users/user", { id: userId })}>{userId}</a>,
        },
        { title: "Socket", cell: ({ socketId }) => <code>{socketId}</code> },
        { title: "Node", cell: ({ node }) => <code>{node}</code> },
        { title: "Address", cell: ({ address }) => address ?? "" },
        { title: "Channels", cell: ({ channels }) => <Channels channels={channels} /> },
        { title: "Watches", isNumber: true, cell: ({ watches }) => watches },
        ...(open
          ? [
              {
                title: "Action",
                cell: (socket: Socket) => (
                  <button
                    type="button"
                    className="button tiny"
                    onClick={() => open(disconnectSocketAct(socket, onDone))}
                  >
                    Disconnect<span className="visually-hidden"> socket {socket.socketId}</span>
                  </button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

const MOST_NAMED = 3;

function Channels({ channels }: { readonly channels: readonly string[] }) {
  if (channels.length === 0) return "none";
  return (
    <>
      {channels.slice(0, MOST_NAMED).map((channel, index) => (
        <span key={channel}>
          {index > 0 && ", "}
          <a className="mono" href={hrefTo("channels/channel", { channel })}>
            {channel}
          </a>
        </span>
      ))}
      {channels.length > MOST_NAMED && ` and ${channels.length - MOST_NAMED} more`}
    </>
  );
}
