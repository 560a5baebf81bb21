import { useState } from "react";
import type { Trail } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { ownTags } from "./trace-model.ts";
import { clock, counted, short, time } from "../words.ts";

const EVERY_MS = 3_000;

/** The changes that were heard of last. */
export function Changes() {
  const look = useLook<{ readonly changes: readonly Trail[] }>("changes?limit=200", EVERY_MS);
  const [search, setSearch] = useState("");
  return (
    <Page
      title="Changes"
      about="Each with what became of it: the write, every node that applied it, who was told, and the first fresh read."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <div className="bar">
        <label className="field">
          <span>Text in a tag, a channel or the id</span>
          <input
            className="input mono"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
      </div>
      <Card
        title="Newest first"
        about="As the node that was asked knows them. A change opens as a trace over all nodes."
        flush
      >
        <Shown look={look}>
          {({ changes }) => (
            <List changes={changes.filter((trail) => fits(trail, search))} hasAny={changes.length > 0} />
          )}
        </Shown>
      </Card>
    </Page>
  );
}

function List({ changes, hasAny }: { readonly changes: readonly Trail[]; readonly hasAny: boolean }) {
  if (changes.length === 0) {
    return (
      <Empty icon="changes" title={hasAny ? "No change fits" : "Nothing has changed yet"}>
        {!hasAny && (
          <p>
            After a write the application says what is no longer true:{" "}
            <code>{'live.change({ tags: ["hostel:7"] })'}</code>.
          </p>
        )}
      </Empty>
    );
  }
  return (
    <Table
      label="Changes, newest first"
      rows={changes}
      idOf={({ changeId }) => changeId}
      columns={[
        {
          title: "What changed",
          cell: (trail) => <a href={hrefTo("changes/trace", { change: trail.changeId })}>{wordsOf(trail)}</a>,
        },
        { title: "When", cell: (trail) => whenOf(trail) },
        { title: "By", cell: ({ origin, write }) => (write ? "this node" : (origin ?? "–")) },
        { title: "Write", isNumber: true, cell: ({ write }) => (write ? time(write.ms) : "") },
        { title: "Dropped", isNumber: true, cell: ({ dropped }) => short(dropped) },
        { title: "Events", cell: ({ events }) => (events.length > 0 ? counted(events.length, "event") : "") },
        {
          title: "Screens",
          cell: ({ told, watchedAgain }) => (told ? `${watchedAgain?.count ?? 0} of ${told.watchers}` : ""),
        },
      ]}
    />
  );
}

const MOST_NAMED = 3;

function wordsOf({ tags, tagCount, events, write, changeId }: Trail): string {
  const own = ownTags(tags);
  if (own.length > 0) {
    const more =
      own.length > MOST_NAMED ? ` and ${Math.max(own.length, tagCount / 2) - MOST_NAMED} more` : "";
    return `${own.slice(0, MOST_NAMED).join(", ")}${more}`;
  }
  const event = events[0] ?? write?.events[0];
  return event ? `${event.name} to ${event.channel}` : changeId;
}

function whenOf({ write, appliedAtMs, told }: Trail): string {
  const atMs = write?.atMs ?? appliedAtMs ?? told?.atMs;
  return atMs === undefined ? "–" : clock(atMs);
}

function fits({ changeId, tags, events, write }: Trail, search: string): boolean {
  const names = [
    changeId,
    ...tags,
    ...events.map(({ channel }) => channel),
    ...(write?.events ?? []).map(({ channel }) => channel),
  ];
  return search === "" || names.some((name) => name.includes(search));
}
