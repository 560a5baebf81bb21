import { dayWords } from "example-kit/web/words.ts";
import type { DayMark, MarkCounts } from "../../../src/answers.ts";
import type { Mark } from "../../../src/vocabulary.ts";
import { MARK_WORDS } from "../words.ts";

/** Whether somebody is there today. */
export function MarkPill({ mark }: { mark: Mark | undefined | null }) {
  return (
    <span className={`pill mark-${mark ?? "unmarked"}`}>{mark ? MARK_WORDS[mark] : "Not yet taken"}</span>
  );
}

/** How many of a class are there, as a bar and in words. */
export function MarkBar({ counts }: { counts: MarkCounts }) {
  const { present, late, absent, unmarked } = counts;
  const whole = present + late + absent + unmarked;
  const words =
    unmarked === whole
      ? "Not yet taken"
      : [
          `${present} present`,
          ...(late ? [`${late} late`] : []),
          ...(absent ? [`${absent} absent`] : []),
          ...(unmarked ? [`${unmarked} open`] : []),
        ].join(", ");
  return (
    <div className="mark-bar">
      <span className="mark-bar-track" aria-hidden="true">
        {(["present", "late", "absent"] as const).map((mark) => (
          <span
            key={mark}
            className={`mark-part mark-part-${mark}`}
            style={{ inlineSize: `${whole === 0 ? 0 : (counts[mark] / whole) * 100}%` }}
          />
        ))}
      </span>
      <span className="mark-bar-words">{words}</span>
    </div>
  );
}

/** The last school days of one student, one dot each. */
export function DayDots({ days }: { days: readonly DayMark[] }) {
  const missed = days.filter(({ mark }) => mark === "absent").length;
  const late = days.filter(({ mark }) => mark === "late").length;
  return (
    <div className="dots">
      <ol className="dots-row" aria-label={`The last ${days.length} school days`}>
        {days.map(({ day, mark }) => (
          <li key={day} className={`dot dot-${mark}`} title={`${dayWords(day)}: ${MARK_WORDS[mark]}`}>
            <span className="visually-hidden">
              {dayWords(day)}: {MARK_WORDS[mark]}
            </span>
          </li>
        ))}
      </ol>
      <p className="faint">
        {days.length - missed - late} on time, {late} late, {missed} absent
      </p>
    </div>
  );
}
