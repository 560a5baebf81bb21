import type { Status } from "../../../src/vocabulary.ts";
import { STATUS_WORDS } from "../words.ts";

/** The status of an issue in a word; the colour only repeats it. */
export function StatusPill({ status }: { status: Status }) {
  return <span className={`pill pill-${status}`}>{STATUS_WORDS[status]}</span>;
}
