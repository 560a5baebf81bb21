import { Link } from "example-kit/web/router.tsx";
import { dayWords } from "example-kit/web/words.ts";
import type { SuperDashboard } from "../../../src/answers.ts";
import { Tile } from "example-kit/web/parts/tile.tsx";
import { Card, Tiles } from "../parts/card.tsx";
import { MarkBar } from "../parts/marks.tsx";
import { useCaches } from "../parts/use-caches.ts";
import { shareOf } from "../words.ts";

/** All schools in figures, and how the system is. */
export function SuperBoard({ board: { totals, schools, days } }: { board: SuperDashboard }) {
  const today = schools.reduce((sum, { today: { present, late } }) => sum + present + late, 0);
  return (
    <>
      <Tiles>
        <Tile icon="house" label="Schools" value={totals.schools} />
        <Tile icon="person" label="Students" value={totals.students} />
        <Tile icon="pencil" label="Teachers" value={totals.teachers} />
        <Tile icon="check" label="Here today" value={today} className="tile-good" />
      </Tiles>
      <Card title="Schools today" span={7}>
        <ul className="rows">
          {schools.map(({ id, name, town, students, today: counts }) => (
            <li key={id} className="row row-tall">
              <span className="row-text">
                <strong>{name}</strong>
                <span>
                  {town}, {students} students
                </span>
              </span>
              <MarkBar counts={counts} />
            </li>
          ))}
        </ul>
      </Card>
      <Health />
      <Card title="Attendance of the last school days">
        <ol className="columns" aria-label="Share of students who were there, by day">
          {days.map(({ day, present, missing }) => (
            <li key={day}>
              <span className="column-value">{shareOf(present, present + missing)}</span>
              <span className="column-track" aria-hidden="true">
                <span style={{ blockSize: `${heightOf(present, missing)}%` }} />
              </span>
              <span className="faint">{dayWords(day)}</span>
            </li>
          ))}
        </ol>
      </Card>
    </>
  );
}

/** Differences of a few percent are all there is to see: the columns begin at 80. */
function heightOf(present: number, missing: number): number {
  return Math.max(4, ((present / Math.max(1, present + missing)) * 100 - 80) * 5);
}

function Health() {
  const { data, error } = useCaches();
  return (
    <Card title="The system" span={5} aside={<Link href="/caches">Caches</Link>}>
      {!data && <p className="faint">{error ?? "Asking…"}</p>}
      {data && (
        <dl className="facts">
          <dt>Redis</dt>
          <dd>
            <span className={`pill ${data.redis.connected ? "mark-present" : "mark-late"}`}>
              {data.redis.connected ? "Connected" : data.stats.type === "memory" ? "Not configured" : "Away"}
            </span>
          </dd>
          <dt>Entries</dt>
          <dd>{data.stats.size}</dd>
          <dt>Answered from the cache</dt>
          <dd>{shareOf(data.stats.hits, data.stats.hits + data.stats.misses)}</dd>
          <dt>Failed loads</dt>
          <dd>{data.stats.errors}</dd>
          <dt>Tokens given back</dt>
          <dd>{data.revoked}</dd>
        </dl>
      )}
    </Card>
  );
}
