import type { FeedKind, FeedLine } from "@livecache/wire";
import { hrefTo } from "../route.ts";
import { clock, date } from "../words.ts";

const LEVELS: Readonly<Record<FeedKind, string>> = {
  change: "good",
  event: "good",
  hit: "",
  miss: "",
  ground: "warn",
  socket: "",
  session: "note",
  limit: "warn",
  refusal: "warn",
  act: "note",
};

/** Lines of the feed, newest first. */
export function FeedLines({ lines }: { readonly lines: readonly FeedLine[] }) {
  return (
    <ul className="feed">
      {lines.map((line, index) => (
        <li key={`${line.node} ${line.atMs} ${line.words} ${lines.length - index}`}>
          <time dateTime={new Date(line.atMs).toISOString()} title={date(line.atMs)}>
            {clock(line.atMs)}
          </time>
          <span>
            <span className={`pill ${LEVELS[line.kind]}`}>{line.kind}</span>
          </span>
          <span className="words">
            <Words line={line} />
          </span>
          <span className="node mono">{line.node}</span>
        </li>
      ))}
    </ul>
  );
}

/** What happened, as a link to where there is more of it. */
function Words({ line }: { readonly line: FeedLine }) {
  const href = hrefOf(line);
  return href === undefined ? line.words : <a href={href}>{line.words}</a>;
}

function hrefOf({ kind, details }: FeedLine): string | undefined {
  const text = (name: string): string | undefined =>
    typeof details[name] === "string" ? details[name] : undefined;
  const changeId = text("changeId");
  if (changeId !== undefined) return hrefTo("changes/trace", { change: changeId });
  if (kind === "hit" || kind === "miss") return hrefTo("keys/key", { key: text("key") });
  if (kind === "act") return hrefTo("audit");
  const userId = text("userId");
  return userId === undefined ? undefined : hrefTo("users/user", { id: userId });
}
