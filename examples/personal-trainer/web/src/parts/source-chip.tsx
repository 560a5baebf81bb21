import type { Source } from "../sourced.tsx";

const WORDS: Readonly<Record<Source, string>> = {
  cache: "Read from the cache",
  database: "Read from the database",
};

/** Says where an answer came from: the field `source` of the API. */
export function SourceChip({ source }: { source: Source }) {
  return (
    <span className={`source source-${source}`} title={WORDS[source]}>
      {source}
    </span>
  );
}
