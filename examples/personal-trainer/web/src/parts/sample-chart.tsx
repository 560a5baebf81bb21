import { useWidth } from "example-kit/web/parts/use-width.ts";
import type { Metrics } from "../../../src/answers.ts";
import { msWords } from "../words.ts";

const HEIGHT = 190;
const MARGIN = { left: 54, right: 8, top: 10, bottom: 10 };
const DECADES = [0.01, 0.1, 1, 10, 100] as const;
/** So many answers a node remembers one by one. */
const MOST = 120;

/** The last answers as dots, the newest at the right; the higher, the slower. */
export function SampleChart({ samples }: { samples: Metrics["samples"] }) {
  const [box, width] = useWidth();
  return (
    <>
      <div ref={box} className="chart">
        {width > 0 && <Dots samples={samples} width={width} />}
      </div>
      <ul className="legend">
        <li className="legend-cache">Cache</li>
        <li className="legend-database">Database</li>
      </ul>
    </>
  );
}

function Dots({ samples, width }: { samples: Metrics["samples"]; width: number }) {
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const yOf = (ms: number): number => {
    const part = (Math.log10(Math.min(100, Math.max(0.01, ms))) + 2) / 4;
    return MARGIN.top + plot.height * (1 - part);
  };
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label="How long each of the last answers took; the table below has the medians"
    >
      {DECADES.map((ms) => (
        <g key={ms} className="chart-line">
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(ms)} y2={yOf(ms)} />
          <text x={MARGIN.left - 8} y={yOf(ms)} dy="0.32em" textAnchor="end">
            {msWords(ms)}
          </text>
        </g>
      ))}
      {samples.map(({ at, family, source, ms }, index) => (
        <circle
          key={`${at} ${index}`}
          className={`sample-${source}`}
          cx={MARGIN.left + plot.width * ((MOST - samples.length + index + 0.5) / MOST)}
          cy={yOf(ms)}
          r={width < 500 ? 3 : 4}
        >
          <title>{`${family}, ${source}: ${msWords(ms)}`}</title>
        </circle>
      ))}
    </svg>
  );
}
