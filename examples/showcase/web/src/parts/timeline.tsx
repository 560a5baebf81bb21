import type { Happening } from "../../../src/answers.ts";
import { clock } from "../clock.ts";

/** What happened, the latest first. */
export function Timeline({ happenings }: { happenings: readonly Happening[] }) {
  if (happenings.length === 0) {
    return (
      <p className="quiet">
        Nothing has happened yet. Open a window of an application, and then throw a switch.
      </p>
    );
  }
  return (
    <ol className="timeline" aria-label="What happened">
      {happenings.map(({ id, at, tone, words }) => (
        <li key={id} className={`happening happening-${tone}`}>
          <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
          <p>{words}</p>
        </li>
      ))}
    </ol>
  );
}
