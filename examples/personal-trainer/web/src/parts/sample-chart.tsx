import type { Metrics } from "../../../src/answers.ts";
import { msWords } from "../words.ts";

const HEIGHT = 150;
const WIDTH = 720;
const MARGIN = { left: 52, right: 8, top: 10, bottom: 10 };
const DECADES = [0.01, 0.1, 1, 10, 100] as const;

/** The last answers as dots, the newest at the right; the higher, the slower. */
export function SampleChart({ samples }: { samples: Metrics["samples"] }) {
  const most = 120;
  const plot = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const yOf = (ms: number): number => {
    const part = (Math.log10(Math.min(100, Math.max(0.01, ms))) + 2) / 4;
    return MARGIN.top + plot.height * (1 - part);
  };
  return (
    <>
      <svg
        className="samples"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="How long each of the last answers took; the table below has the medians"
      >
        {DECADES.map((ms) => (
          <g key={ms} className="chart-line">
            <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={yOf(ms)} y2={yOf(ms)} />
            <text x={MARGIN.left - 8} y={yOf(ms)} dy="0.32em" textAnchor="end">
              {ms < 0.1 ? "10 µs" : msWords(ms)}
            </text>
          </g>
        ))}
        {samples.map(({ at, family, source, ms }, index) => (
          <circle
            key={`${at} ${index}`}
            className={`sample-${source}`}
            cx={MARGIN.left + plot.width * ((most - samples.length + index + 0.5) / most)}
            cy={yOf(ms)}
            r={4}
          >
            <title>{`${family}, ${source}: ${msWords(ms)}`}</title>
          </circle>
        ))}
      </svg>
      <ul className="legend">
        <li className="legend-cache">Cache</li>
        <li className="legend-database">Database</li>
      </ul>
    </>
  );
}
