import type { Result } from "../../../src/vocabulary.ts";
import { RESULT_WORDS } from "../words.ts";

/** The result of an audit in a word; the colour only repeats it. */
export function ResultPill({ result }: { result: Result }) {
  return <span className={`pill pill-${result}`}>{RESULT_WORDS[result]}</span>;
}
