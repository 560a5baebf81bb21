import type { Goal } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { shortVolume, weightWords } from "../words.ts";

const SIZE = 84;
const STROKE = 8;
const RADIUS = (SIZE - STROKE) / 2;
const LENGTH = 2 * Math.PI * RADIUS;

/** How much of a goal is reached, as a ring that closes. */
export function GoalRing({ goal }: { goal: Goal }) {
  const unit = useUnit();
  const { kind, title, target, reached, inKg } = goal;
  const part = Math.min(1, reached / target);
  const isReached = part >= 1;
  const words = (value: number): string => {
    if (!inKg) return String(value);
    return kind === "lift" ? weightWords(value, unit) : shortVolume(value, unit);
  };
  return (
    <div className={isReached ? "ring ring-reached" : "ring"}>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} width={SIZE} height={SIZE} aria-hidden="true">
        <circle className="ring-track" cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} strokeWidth={STROKE} />
        <circle
          className="ring-part"
          cx={SIZE / 2}
          cy={SIZE / 2}
          r={RADIUS}
          strokeWidth={STROKE}
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - part)}
        />
        <text x="50%" y="50%" dy="0.35em" textAnchor="middle">
          {isReached ? "✓" : `${Math.floor(part * 100)}%`}
        </text>
      </svg>
      <p className="ring-words">
        <strong>{title}</strong>
        <span>
          {words(reached)} of {words(target)}
          {isReached && <span className="visually-hidden">, reached</span>}
        </span>
      </p>
    </div>
  );
}
