import { useConnection, usePresence } from "@livecache/client/react";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import type { RegionsAnswer } from "../../../src/answers.ts";
import { CITY_NAME } from "../../../src/city/names.ts";

/** What is counted, and what it is called. */
const COUNTERS = {
  vehicles: "on the road",
  observations: "observations",
  mean: "of 100 on average",
  hazards: "hazards",
} as const;

export interface OverviewProps {
  /** `undefined` while a figure is not known yet. */
  readonly figures: Readonly<Record<keyof typeof COUNTERS, number | undefined>>;
  /** Whom the first of them counts. */
  readonly scope: RegionsAnswer["scope"] | undefined;
  /** Absent while one drives already. */
  readonly onDrive: (() => void) | undefined;
  readonly onReport: () => void;
}

/** The city in figures, and what one can do. */
export function Overview({ figures, scope, onDrive, onReport }: OverviewProps) {
  const { count, isStale } = usePresence("city", {});
  const isOnline = useConnection().status === "online";
  return (
    <section className="map-card overview">
      <PageHead title={CITY_NAME} note="How the roads ride, as of now" />
      <dl className="counters">
        {Object.entries(COUNTERS).map(([name, words]) => (
          <Counter key={name} name={name} words={words} value={figures[name as keyof typeof COUNTERS]} />
        ))}
      </dl>
      <p className="watching">
        {count} {count === 1 ? "person" : "people"} connected
        {isOnline && (isStale || scope === "local") && ", counted on this server only: Redis is away"}
      </p>
      {onDrive && (
        <div className="overview-acts">
          <button type="button" className="button button-main" onClick={onDrive}>
            <Icon name="car" size={18} /> Start driving
          </button>
          <button type="button" className="button" onClick={onReport}>
            <Icon name="alert" size={18} /> Report a hazard
          </button>
        </div>
      )}
    </section>
  );
}

interface CounterProps {
  readonly name: string;
  readonly words: string;
  readonly value: number | undefined;
}

function Counter({ name, words, value }: CounterProps) {
  return (
    <div className="counter" data-figure={name}>
      <dt>{words}</dt>
      <dd>
        {value === undefined ? (
          "–"
        ) : (
          <Figure value={value} format={(shown) => shown.toLocaleString("en-GB")} />
        )}
      </dd>
    </div>
  );
}
