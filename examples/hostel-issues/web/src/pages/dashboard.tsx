import { useLive } from "@livecache/client/react";
import type { ReactNode } from "react";
import type { Summary } from "../../../src/answers.ts";
import type { Status } from "../../../src/vocabulary.ts";
import { STATUSES } from "../../../src/vocabulary.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { DayChart } from "../parts/day-chart.tsx";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { WarmingPanel } from "example-kit/web/parts/warming-panel.tsx";
import { Link } from "example-kit/web/router.tsx";
import { hoursWords } from "example-kit/web/words.ts";
import { CATEGORY_WORDS, STATUS_WORDS } from "../words.ts";

/** All hostels in figures. */
export function DashboardPage() {
  const { data, error, refetch } = useLive<Summary>("/api/dashboard/summary");
  return (
    <>
      <PageHead title="Dashboard" note="All hostels. The figures follow what happens by themselves.">
        {data && (
          <p className="as-of">
            As of <Ago moment={data.asOf} />
          </p>
        )}
      </PageHead>
      {!data && !error && <Skeleton rows={3} height={150} />}
      {!data && error && <Trouble what="The dashboard" words={wordsFor(error)} onRetry={refetch} />}
      {data && <Figures summary={data} />}
    </>
  );
}

function Figures({ summary }: { summary: Summary }) {
  return (
    <div className="dashboard">
      <section className="tiles" aria-label="Key figures">
        <Tile kind="open" icon="alert" label="Open" value={summary.open} />
        <Tile kind="in_progress" icon="tools" label="In progress" value={summary.inProgress} />
        <Tile kind="resolved" icon="check" label="Resolved" value={summary.resolved} />
        <Tile
          kind="mean"
          icon="clock"
          label="Mean time to resolve"
          value={summary.meanHoursToResolve ?? 0}
          format={summary.meanHoursToResolve === null ? () => "–" : hoursWords}
        />
      </section>
      <Card className="card-days" title="The last 14 days">
        <DayChart days={summary.days} />
      </Card>
      <Card className="card-categories" title="Unresolved by kind">
        <CategoryBars categories={summary.byCategory} />
      </Card>
      <Card className="card-hostels" title="By hostel">
        <HostelTable hostels={summary.byHostel} />
      </Card>
      <Card className="card-caches" title="Caches">
        <WarmingPanel
          path="/api/warming"
          words="Loads what students, wardens and management look at first, before they ask for it."
          noun="page"
        />
      </Card>
    </div>
  );
}

interface TileProps {
  readonly kind: Status | "mean";
  readonly icon: "alert" | "tools" | "check" | "clock";
  readonly label: string;
  readonly value: number;
  readonly format?: (value: number) => string;
}

function Tile({ kind, icon, label, value, ...format }: TileProps) {
  return (
    <div className={`tile tile-${kind}`} data-figure={kind}>
      <span className="tile-icon">
        <Icon name={icon} />
      </span>
      <span className="tile-label">{label}</span>
      <strong className="tile-value">
        <Figure value={value} {...format} />
      </strong>
    </div>
  );
}

function Card({ title, className, children }: { title: string; className: string; children: ReactNode }) {
  return (
    <section className={`card ${className}`}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function CategoryBars({ categories }: { categories: Summary["byCategory"] }) {
  const most = Math.max(1, ...categories.map(({ unresolved }) => unresolved));
  if (categories.length === 0) return <p className="card-empty">Nothing is waiting. Well done.</p>;
  return (
    <ul className="bars">
      {categories.map(({ category, unresolved }) => (
        <li key={category}>
          <span className="bars-label">
            <Icon name={category} size={18} /> {CATEGORY_WORDS[category]}
          </span>
          <span className="bars-track" aria-hidden="true">
            <span className="bars-bar" style={{ inlineSize: `${(unresolved / most) * 100}%` }} />
          </span>
          <span className="bars-value">
            <Figure value={unresolved} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function HostelTable({ hostels }: { hostels: Summary["byHostel"] }) {
  return (
    <table className="hostels">
      <thead>
        <tr>
          <th scope="col">Hostel</th>
          {STATUSES.map((status) => (
            <th key={status} scope="col">
              {STATUS_WORDS[status]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hostels.map(({ id, name, counts }) => (
          <tr key={id}>
            <th scope="row">
              <Link href={`/hostels/${id}/issues`}>{name}</Link>
            </th>
            {STATUSES.map((status) => (
              <td key={status}>
                <Figure value={counts[status]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
