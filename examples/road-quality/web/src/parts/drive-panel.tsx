import { Icon } from "example-kit/web/parts/icon.tsx";
import { gradeOf } from "../../../src/quality.ts";
import { useDrive } from "../drive/drive.tsx";
import { GRADE_WORDS } from "../words.ts";

export interface DrivePanelProps {
  readonly isFollowed: boolean;
  readonly onFollow: () => void;
  readonly onReport: () => void;
}

/** What a driver sees: how fast, where, and how the road feels. */
export function DrivePanel({ isFollowed, onFollow, onReport }: DrivePanelProps) {
  const { moment, cell, felt, sent, waiting, stop } = useDrive();
  const last = felt.at(-1);
  return (
    <section className="map-card drive" aria-label="Your drive">
      <p className="drive-speed">
        <strong>{Math.round(moment?.speedKmh ?? 0)}</strong> km/h
      </p>
      <div className="drive-where">
        <strong>{moment?.segment.street ?? "Starting"}</strong>
        <span>
          Region <code>{cell ?? "…"}</code>
          {waiting > 0 ? `, ${waiting} waiting` : `, ${sent} sent`}
        </span>
      </div>
      <div className="drive-felt">
        <div className="felt-bars" aria-hidden="true">
          {felt.map((quality, index) => (
            <i
              key={index}
              className={`bar-${gradeOf(quality)}`}
              style={{ blockSize: `${18 + (100 - quality) * 0.8}%` }}
            />
          ))}
        </div>
        <span>
          {last === undefined
            ? "Feeling the road…"
            : `Feels ${GRADE_WORDS[gradeOf(last)].toLowerCase()} (${last})`}
        </span>
      </div>
      <div className="drive-acts">
        <button type="button" className="button" onClick={onReport}>
          <Icon name="alert" size={18} /> Report
        </button>
        {!isFollowed && (
          <button type="button" className="button" onClick={onFollow}>
            <Icon name="eye" size={18} /> Follow
          </button>
        )}
        <button type="button" className="button" onClick={stop}>
          Stop driving
        </button>
      </div>
    </section>
  );
}
