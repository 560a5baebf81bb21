import { GRADES } from "../../../src/vocabulary.ts";
import type { Grade } from "../../../src/vocabulary.ts";
import { GRADE_WORDS } from "../words.ts";

/** What is shown of the map. */
export interface Shown {
  readonly grades: ReadonlySet<Grade>;
  readonly regions: boolean;
  readonly vehicles: boolean;
  readonly hazards: boolean;
}

export const ALL_SHOWN: Shown = { grades: new Set(GRADES), regions: true, vehicles: true, hazards: true };

const PARTS = [
  ["regions", "Regions"],
  ["vehicles", "Vehicles"],
  ["hazards", "Hazards"],
] as const;

const RANGES: Readonly<Record<Grade, string>> = {
  smooth: "80 to 100",
  good: "60 to 79",
  fair: "40 to 59",
  rough: "20 to 39",
  bad: "0 to 19",
};

export interface LegendProps {
  readonly shown: Shown;
  readonly kmByGrade: Readonly<Record<Grade, number>>;
  readonly onChange: (shown: Shown) => void;
}

/** What the colours mean; each can be taken away. */
export function Legend({ shown, kmByGrade, onChange }: LegendProps) {
  function toggle(grade: Grade): void {
    const grades = new Set(shown.grades);
    if (!grades.delete(grade)) grades.add(grade);
    onChange({ ...shown, grades });
  }
  return (
    <details className="map-card legend" open={matchMedia("(width >= 52rem)").matches}>
      <summary>Legend and filters</summary>
      <fieldset>
        <legend>Ride quality</legend>
        {GRADES.map((grade) => (
          <label key={grade} className="legend-row">
            <input type="checkbox" checked={shown.grades.has(grade)} onChange={() => toggle(grade)} />
            <span className={`legend-line legend-${grade}`} aria-hidden="true" />
            <span className="legend-words">
              {GRADE_WORDS[grade]} <small>{RANGES[grade]}</small>
            </span>
            <span className="legend-km">{kmByGrade[grade].toFixed(1)} km</span>
          </label>
        ))}
        <p className="legend-row">
          <span />
          <span className="legend-line legend-unknown" aria-hidden="true" />
          <span className="legend-words">Not measured yet</span>
        </p>
      </fieldset>
      <fieldset className="legend-parts">
        <legend>On the map</legend>
        {PARTS.map(([part, words]) => (
          <label key={part} className="legend-part">
            <input
              type="checkbox"
              checked={shown[part]}
              onChange={(event) => onChange({ ...shown, [part]: event.target.checked })}
            />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
