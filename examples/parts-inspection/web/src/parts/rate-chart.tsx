import { sharesBetween } from "../figures.ts";
import type { Figures } from "../figures.ts";
import { shareWords } from "../words.ts";

const SIZE = { width: 600, height: 150 };
const STEPS = 120;

/** The share of answers from the cache over the last minutes, as bars; where nothing was asked there is none. */
export function RateChart({ samples }: { samples: readonly Figures[] }) {
  const shares = sharesBetween(samples);
  const known = shares.filter((share) => share !== undefined);
  const mean = known.length === 0 ? undefined : known.reduce((sum, share) => sum + share, 0) / known.length;
  const slot = SIZE.width / STEPS;
  return (
    <figure className="rate">
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Share of answers from the cache over the last four minutes"
      >
        {[0.25, 0.5, 0.75].map((level) => (
          <line key={level} x1={0} x2={SIZE.width} y1={SIZE.height * level} y2={SIZE.height * level} />
        ))}
        {shares.map((share, at) => {
          if (share === undefined) return null;
          const height = Math.max(2, SIZE.height * share);
          const x = SIZE.width - (shares.length - at) * slot;
          return <rect key={at} x={x} y={SIZE.height - height} width={slot * 0.72} height={height} />;
        })}
      </svg>
      <figcaption>
        {mean === undefined
          ? "Nothing has been asked for since. Open the audits in another window."
          : `${shareWords(mean)} on average. A bar stands for two seconds in which something was asked for.`}
      </figcaption>
    </figure>
  );
}
