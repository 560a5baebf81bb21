import { useLive } from "@livecache/client/react";
import type { Summary } from "../../../src/answers.ts";
import { STATUSES } from "../../../src/vocabulary.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { BarList } from "example-kit/web/parts/bar-list.tsx";
import { Card } from "example-kit/web/parts/card.tsx";
import { Tile } from "example-kit/web/parts/tile.tsx";
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
        <Tile name="open" className="tile-open" icon="alert" label="Open" value={summary.open} />
        <Tile
          name="in_progress"
          className="tile-in_progress"
          icon="tools"
          label="In progress"
          value={summary.inProgress}
        />
        <Tile
          name="resolved"
          className="tile-resolved"
          icon="check"
          label="Resolved"
          value={summary.resolved}
        />
        <Tile
          name="mean"
          icon="clock"
          label="Mean time to resolve"
          value={summary.meanHoursToResolve ?? 0}
          format={summary.meanHoursToResolve === null ? () => "–" : hoursWords}
        />
      </section>
      <Card title="The last 14 days">
        <DayChart days={summary.days} />
      </Card>
      <Card title="Unresolved by kind">
        <CategoryBars categories={summary.byCategory} />
      </Card>
      <Card className="card-wide card-hostels" title="By hostel">
        <HostelTable hostels={summary.byHostel} />
      </Card>
      <Card className="card-wide" title="Caches">
        <WarmingPanel
          path="/api/warming"
          words="Loads what students, wardens and management look at first, before they ask for it."
          noun="page"
        />
      </Card>
    </div>
  );
}

function CategoryBars({ categories }: { categories: Summary["byCategory"] }) {
  if (categories.length === 0) return <p className="card-empty">Nothing is waiting. Well done.</p>;
  const rows = categories.map(({ category, unresolved }) => ({
    id: category,
    label: (
      <>
        <Icon name={category} size={18} /> {CATEGORY_WORDS[category]}
      </>
    ),
    value: unresolved,
  }));
  return <BarList rows={rows} />;
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
