import { useState } from "react";
import type { TagsReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { useAct } from "../parts/act-dialog.tsx";
import { changeAct } from "../parts/blast.tsx";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { goTo, hrefTo } from "../route.ts";
import { short } from "../words.ts";

/** The tags that entries have been given. */
export function Tags({ search }: { readonly search: string }) {
  const look = useLook<TagsReport>(`tags?search=${encodeURIComponent(search)}`);
  return (
    <Page
      title="Tags"
      about="What entries depend on. Changing a tag voids them on every node, and tells the screens that show them."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <form
        className="bar"
        role="search"
        key={search}
        onSubmit={(event) => {
          event.preventDefault();
          goTo(hrefTo("tags", { search: String(new FormData(event.currentTarget).get("search")).trim() }));
        }}
      >
        <label className="field">
          <span>Text in the tag</span>
          <input
            className="input mono"
            name="search"
            type="search"
            defaultValue={search}
            placeholder="hostel:"
          />
        </label>
        <button type="submit" className="button main-act">
          Search
        </button>
      </form>
      <Card
        title="Tags by how much depends on them"
        about="In the memories of the nodes. What only the ground holds is not counted."
        flush
      >
        <Shown look={look}>
          {({ tags, isPartial, missing }) => (
            <>
              <Missing nodes={missing} />
              {isPartial && (
                <p className="notice" role="status">
                  A node holds more than 20,000 entries: these counts are of the first of them.
                </p>
              )}
              {tags.length === 0 ? (
                <Empty icon="tags" title="No tag fits">
                  <p>
                    Entries get tags where they are stored:{" "}
                    <code>{'cached(live, { tags: ["hostel:7"] })'}</code>.
                  </p>
                </Empty>
              ) : (
                <Table
                  label="Tags"
                  rows={tags}
                  idOf={({ tag }) => tag}
                  columns={[
                    {
                      title: "Tag",
                      cell: ({ tag }) => (
                        <a className="mono" href={hrefTo("tags/tag", { tag })}>
                          {tag}
                        </a>
                      ),
                    },
                    { title: "Entries", isNumber: true, cell: ({ entries }) => short(entries) },
                    { title: "Nodes", isNumber: true, cell: ({ nodes }) => nodes },
                  ]}
                />
              )}
            </>
          )}
        </Shown>
      </Card>
      <ChangeTags onDone={look.again} />
    </Page>
  );
}

/** Changes any tags by hand. */
function ChangeTags({ onDone }: { readonly onDone: () => void }) {
  const open = useAct();
  const [text, setText] = useState("");
  if (!open) return null;
  const tags = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  return (
    <Card
      title="Change tags by hand"
      about="As the application does after a write: when something was changed past it."
    >
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          if (tags.length > 0) open(changeAct(tags, onDone));
        }}
      >
        <label className="field">
          <span>Tags, with spaces between them</span>
          <input
            className="input mono"
            value={text}
            placeholder="hostel:7 user:42"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={tags.length === 0}>
          See what it would do…
        </button>
      </form>
    </Card>
  );
}
