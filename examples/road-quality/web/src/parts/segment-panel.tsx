import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { SegmentAnswer } from "../../../src/answers.ts";
import { confidenceWords, kmWords } from "../words.ts";
import { useCity } from "../city.tsx";
import { GradeChip } from "./grade-chip.tsx";
import { SidePanel } from "./side-panel.tsx";
import { Sparkline } from "./sparkline.tsx";

/** Everything about one piece of road; keeps itself up to date. */
export function SegmentPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useLive<SegmentAnswer>(`/api/segments/${encodeURIComponent(id)}`);
  const street = useCity().segment(id)?.street ?? "This road";
  return (
    <SidePanel title={street} onClose={onClose}>
      {!data && !error && <Skeleton rows={4} height={44} />}
      {!data && error && <Trouble what={street} words={wordsFor(error)} onRetry={refetch} />}
      {data && <SegmentDetails {...data} />}
    </SidePanel>
  );
}

function SegmentDetails({ segment, history, recent }: SegmentAnswer) {
  const { quality, confidence, observations, km, updatedAt, id } = segment;
  const first = history[0]?.quality ?? 0;
  const change = quality === null ? 0 : Math.round(quality - first);
  return (
    <>
      <div className="segment-score">
        <p className="segment-number">
          {quality === null ? "–" : <Figure value={Math.round(quality)} />}
          <span className="segment-of">of 100</span>
        </p>
        <GradeChip quality={quality} />
      </div>
      {history.length > 1 && (
        <figure className="segment-history">
          <Sparkline
            values={history.map((one) => one.quality)}
            words={`Quality over ${Math.round(history.length / 2)} days, from ${Math.round(first)} to ${Math.round(quality ?? 0)}.`}
          />
          <figcaption>
            <span>{Math.round(history.length / 2)} days ago</span>
            <span>{change === 0 ? "unchanged" : `${change > 0 ? "+" : "−"}${Math.abs(change)} since`}</span>
            <span>now</span>
          </figcaption>
        </figure>
      )}
      <dl className="segment-facts">
        <dt>Confidence</dt>
        <dd>
          <meter min={0} max={1} value={confidence} aria-label="Confidence" /> {Math.round(confidence * 100)}{" "}
          %, {confidenceWords(confidence)}
        </dd>
        <dt>Observations</dt>
        <dd>
          <Figure value={observations} />
        </dd>
        <dt>Length</dt>
        <dd>{kmWords(km)}</dd>
        <dt>Last felt</dt>
        <dd>{updatedAt ? <Ago moment={updatedAt} /> : "never"}</dd>
        <dt>Segment</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
      <h3>Latest observations</h3>
      {recent.length === 0 && <p className="panel-note">Nobody has driven here yet.</p>}
      <ol className="felt-list">
        {recent.map((one) => (
          <li key={one.id} className="felt">
            <span className="felt-driver">{one.driver}</span>
            <GradeChip quality={one.quality} />
            <span className="felt-facts">
              {Math.round(one.speedKmh)} km/h, {one.vibration.toFixed(1)} m/s²
            </span>
            <span className="felt-when">
              <Ago moment={one.at} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
