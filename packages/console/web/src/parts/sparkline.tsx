import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock } from "../words.ts";

/** A figure at a time, in milliseconds since 1970. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

const LONGEST_TABLE = 12;

/** How a figure went lately: a line for the eye, and the same as a table for whoever does not see it. */
export function Sparkline({
  label,
  points,
  say,
  colour = "--accent",
}: {
  readonly label: string;
  readonly points: readonly Point[];
  readonly say: (value: number) => string;
  readonly colour?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const hasLine = points.length > 1;

  useEffect(() => {
    const element = box.current;
    if (!element || !hasLine) return;
    const made = new uPlot(optionsFor(element, colour), [[], []], element);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: 46 }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [hasLine, colour]);

  useEffect(() => {
    plot.current?.setData([points.map(({ atMs }) => atMs / 1_000), points.map(({ value }) => value)]);
  }, [points, hasLine]);

  if (!hasLine) return <div className="spark is-waiting">a line comes with time</div>;
  return (
    <>
      <div className="spark" ref={box} aria-hidden="true" />
      <div className="visually-hidden">
        <table>
          <caption>{label}, the last values</caption>
          <tbody>
            {points.slice(-LONGEST_TABLE).map(({ atMs, value }) => (
              <tr key={atMs}>
                <th scope="row">{clock(atMs)}</th>
                <td>{say(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function optionsFor(element: HTMLElement, colour: string): uPlot.Options {
  const stroke = getComputedStyle(element).getPropertyValue(colour).trim();
  return {
    width: element.clientWidth,
    height: 46,
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    padding: [4, 2, 4, 2],
    scales: { y: { range: (_plot, low, high) => [Math.min(0, low), Math.max(high * 1.1, 1e-6)] } },
    series: [
      {},
      {
        stroke,
        width: 1.75,
        fill: `color-mix(in srgb, ${stroke} 14%, transparent)`,
        points: { show: false },
      },
    ],
  };
}
