import { useEffect, useRef, useState } from "react";
import { FEED_KINDS } from "@livecache/wire";
import type { FeedKind, FeedLine, FeedReport } from "@livecache/wire";
import type { Refused } from "../api/client.ts";
import { useSurroundings } from "../api/context.ts";
import { FeedLines } from "../parts/feed-lines.tsx";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Missing, Waiting } from "../parts/states.tsx";
import { counted } from "../words.ts";

const USUAL: readonly FeedKind[] = FEED_KINDS.filter((kind) => kind !== "hit" && kind !== "miss");

/** Lines that the page holds, and that it shows. */
const MOST_KEPT = 2_000;
const MOST_SHOWN = 300;

/** What happens on all nodes, as it happens. */
export function Feed({ search: given }: { readonly search: string }) {
  const [kinds, setKinds] = useState<readonly FeedKind[]>(USUAL);
  const [search, setSearch] = useState(given);
  const [isPaused, setPaused] = useState(false);
  const { lines, dropped, missing, refused, hasAnswer } = useFeed(kinds, isPaused);
  const found = lines.filter((line) => kinds.includes(line.kind) && fits(line, search));
  return (
    <Page
      title="Events"
      about="What happens on all nodes, newest first. Each node remembers its last 2,000."
      actions={
        <button type="button" className="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          <Icon name={isPaused ? "play" : "pause"} size={16} /> {isPaused ? "Go on" : "Pause"}
        </button>
      }
    >
      <div className="bar">
        <label className="field">
          <span>Text in a tag, channel, user or node</span>
          <input
            className="input"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
      </div>
      <Kinds kinds={kinds} onChange={setKinds} />
      <Missing nodes={missing} />
      {dropped > 0 && (
        <p className="notice" role="status">
          {counted(dropped, "line")} were forgotten before this page asked for them: more happens than nodes
          remember.
        </p>
      )}
      {refused && (
        <p className="notice bad" role="alert">
          {refused.message}
        </p>
      )}
      <section className="card" aria-label="Events">
        {!hasAnswer && !refused && <Waiting />}
        {hasAnswer && found.length === 0 && (
          <Empty icon="feed" title={lines.length === 0 ? "Nothing has happened yet" : "Nothing fits"}>
            <p>{isPaused ? "It is paused." : "New lines come by themselves."}</p>
          </Empty>
        )}
        {found.length > 0 && <FeedLines lines={found.slice(0, MOST_SHOWN)} />}
      </section>
    </Page>
  );
}

function Kinds({
  kinds,
  onChange,
}: {
  readonly kinds: readonly FeedKind[];
  readonly onChange: (kinds: readonly FeedKind[]) => void;
}) {
  return (
    <fieldset className="chips plain">
      <legend className="visually-hidden">Kinds of events</legend>
      {FEED_KINDS.map((kind) => (
        <label key={kind} className="chip">
          <input
            type="checkbox"
            checked={kinds.includes(kind)}
            onChange={({ target }) =>
              onChange(target.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind))
            }
          />
          {kind}
        </label>
      ))}
    </fieldset>
  );
}

function fits({ words, node, details }: FeedLine, search: string): boolean {
  if (search === "") return true;
  return [words, node, JSON.stringify(details)].some((text) =>
    text.toLowerCase().includes(search.toLowerCase()),
  );
}

interface Kept {
  readonly lines: readonly FeedLine[];
  readonly dropped: number;
  readonly missing: readonly string[];
  readonly refused: Refused | undefined;
  readonly hasAnswer: boolean;
}

const NOTHING: Kept = { lines: [], dropped: 0, missing: [], refused: undefined, hasAnswer: false };
const EVERY_MS = 1_500;
const LONGEST_PAUSE_MS = 30_000;
const PAGE = 500;

/** Follows the feed while the page is visible; what it holds survives another choice of kinds. */
function useFeed(kinds: readonly FeedKind[], isPaused: boolean): Kept {
  const { client } = useSurroundings();
  const [kept, setKept] = useState(NOTHING);
  const cursor = useRef<string>(undefined);
  const asked = kinds.join(",");

  useEffect(() => {
    if (isPaused || asked === "") return;
    const stopping = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;

    async function follow(): Promise<void> {
      if (document.visibilityState === "hidden") return again(EVERY_MS);
      const after = cursor.current === undefined ? "" : `&after=${encodeURIComponent(cursor.current)}`;
      const startedAtMs = performance.now();
      try {
        const page = await client.look<FeedReport>(
          `feed?limit=${PAGE}&kinds=${asked}${after}`,
          stopping.signal,
        );
        cursor.current = page.cursor;
        failures = 0;
        setKept((last) => taken(last, page));
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures++;
        setKept((last) => ({ ...last, refused: error as Refused }));
      }
      const tookMs = performance.now() - startedAtMs;
      again(Math.min(LONGEST_PAUSE_MS, Math.max(EVERY_MS, tookMs * 20) * 2 ** Math.min(failures, 4)));
    }

    function again(pauseMs: number): void {
      if (!stopping.signal.aborted) timer = setTimeout(() => void follow(), pauseMs);
    }

    void follow();
    return () => {
      stopping.abort();
      clearTimeout(timer);
    };
  }, [client, asked, isPaused]);

  return kept;
}

function taken(last: Kept, { lines, dropped, missing }: FeedReport): Kept {
  return {
    lines: lines.length === 0 ? last.lines : [...lines.toReversed(), ...last.lines].slice(0, MOST_KEPT),
    dropped: last.dropped + dropped,
    missing,
    refused: undefined,
    hasAnswer: true,
  };
}
