import { useCallback, useEffect, useRef, useState } from "react";
import type { KeysReport } from "@livecache/wire";
import type { Refused } from "../api/client.ts";
import { useSurroundings } from "../api/context.ts";
import { Page } from "../parts/page.tsx";
import { Empty, Waiting } from "../parts/states.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { goTo, hrefTo } from "../route.ts";
import { counted, whole } from "../words.ts";

/** Most keys that the page holds, and keys that it asks for at a time. */
const MOST_KEYS = 200_000;
const PAGE = 1_000;

/** The stored keys, by prefix and by a text in them. */
export function Keys({ pattern, search }: { readonly pattern: string; readonly search: string }) {
  const { keys, next, isAsking, refused, more } = useKeys(pattern, search);
  return (
    <Page
      title="Keys"
      about="What is stored, in the ground. A prefix is found quickly; a text in a key is looked for page by page."
    >
      <Search pattern={pattern} search={search} />
      <section className="card" aria-label="What was found">
        <div className="card-head">
          <h2>{counted(keys.length, "key")}</h2>
          <span className="quiet small" role="status">
            {isAsking ? "Looking…" : next === undefined ? "That is all." : "There are more."}
          </span>
          {next !== undefined && (
            <button type="button" className="button tiny" disabled={isAsking} onClick={() => void more(1)}>
              More
            </button>
          )}
          {next !== undefined && (
            <button
              type="button"
              className="button tiny"
              disabled={isAsking}
              onClick={() => void more(Infinity)}
            >
              All, up to {whole(MOST_KEYS)}
            </button>
          )}
        </div>
        {refused && (
          <p className="notice bad" role="alert">
            {refused.message}
          </p>
        )}
        {keys.length > 0 && (
          <VirtualList
            label="Keys"
            items={keys}
            row={(key) => (
              <a className="mono" href={hrefTo("keys/key", { key })}>
                {key}
              </a>
            )}
          />
        )}
        {keys.length === 0 && isAsking && <Waiting />}
        {keys.length === 0 && !isAsking && !refused && (
          <Empty icon="keys" title="No key fits">
            <p>
              {next === undefined
                ? "Nothing of that kind is stored now. Entries leave when their time is over, or the server is full."
                : "None among those that were looked at so far. Look through more."}
            </p>
          </Empty>
        )}
      </section>
    </Page>
  );
}

function Search({ pattern, search }: { readonly pattern: string; readonly search: string }) {
  return (
    <form
      className="bar"
      role="search"
      key={`${pattern} ${search}`}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const given = (name: string): string => String(form.get(name) ?? "").trim();
        goTo(hrefTo("keys", { pattern: prefixed(given("pattern")), search: given("search") }));
      }}
    >
      <label className="field">
        <span>Prefix</span>
        <input className="input mono" name="pattern" defaultValue={pattern} placeholder="user:42:*" />
      </label>
      <label className="field">
        <span>Text in the key</span>
        <input
          className="input mono"
          name="search"
          type="search"
          defaultValue={search}
          placeholder="orders"
        />
      </label>
      <button type="submit" className="button main-act">
        Search
      </button>
    </form>
  );
}

/** `user:42` and `user:42:` are meant as `user:42:*`. */
function prefixed(text: string): string {
  if (text === "" || text === "*" || text.endsWith(":*")) return text === "*" ? "" : text;
  return `${text.replace(/[:*]+$/, "")}:*`;
}

interface Found {
  readonly keys: readonly string[];
  readonly next: string | undefined;
  readonly isAsking: boolean;
  readonly refused: Refused | undefined;
}

const NOTHING: Found = { keys: [], next: undefined, isAsking: true, refused: undefined };

function useKeys(
  pattern: string,
  search: string,
): Found & { readonly more: (pages: number) => Promise<void> } {
  const { client } = useSurroundings();
  const [found, setFound] = useState(NOTHING);
  const known = useRef(new Set<string>());
  const asked = useRef<AbortController>(undefined);

  const read = useCallback(
    async (after: string | undefined, pages: number): Promise<void> => {
      asked.current?.abort();
      const stopping = new AbortController();
      asked.current = stopping;
      setFound((last) => ({ ...last, isAsking: true, refused: undefined }));
      let next = after;
      try {
        for (let page = 0; page < pages && known.current.size < MOST_KEYS; page++) {
          const query = new URLSearchParams({ limit: String(PAGE), pattern: pattern || "*" });
          if (search !== "") query.set("search", search);
          if (next !== undefined) query.set("after", next);
          const report = await client.look<KeysReport>(`keys?${query.toString()}`, stopping.signal);
          for (const key of report.keys) known.current.add(key);
          next = report.next;
          const isLast = next === undefined || page + 1 >= pages;
          setFound({ keys: [...known.current], next, isAsking: !isLast, refused: undefined });
          if (next === undefined) return;
        }
        setFound((last) => ({ ...last, isAsking: false }));
      } catch (error) {
        if (!stopping.signal.aborted)
          setFound((last) => ({ ...last, isAsking: false, refused: error as Refused }));
      }
    },
    [client, pattern, search],
  );

  useEffect(() => {
    known.current = new Set();
    setFound(NOTHING);
    void read(undefined, 1);
    return () => asked.current?.abort();
  }, [read]);

  return { ...found, more: (pages) => read(found.next, pages) };
}
