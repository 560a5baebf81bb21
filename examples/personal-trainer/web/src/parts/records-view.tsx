import { Ago } from "example-kit/web/parts/ago.tsx";
import { BarList } from "example-kit/web/parts/bar-list.tsx";
import type { PersonalRecord, Stats } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { Loaded } from "../sourced.tsx";
import { minutesWords, MUSCLE_WORDS, shortVolume, weightWords } from "../words.ts";
import { Card } from "./card.tsx";
import { StatTile } from "./stat-tile.tsx";

/** The heaviest somebody has moved, and what they train most. */
export function RecordsView({ userId }: { userId: string }) {
  const unit = useUnit();
  return (
    <Loaded<Stats> path={`/api/users/${userId}/stats`} what="The records" rows={3} height={140}>
      {({ records, muscles, totalVolumeKg, meanMinutes }, source) => (
        <div className="dashboard">
          <section className="tiles tiles-three" aria-label="All in all">
            <StatTile kind="records" icon="trophy" label="Exercises with a record" value={records.length} />
            <StatTile
              kind="total"
              icon="chart"
              label="Moved in all"
              value={totalVolumeKg}
              format={(kg) => shortVolume(kg, unit)}
            />
            <StatTile
              kind="mean"
              icon="clock"
              label="Usual workout"
              value={meanMinutes}
              format={minutesWords}
            />
          </section>
          <Card title="Personal records" className="card-records" source={source}>
            {records.length === 0 && (
              <p className="card-empty">The first weight that you log is your first record.</p>
            )}
            {records.length > 0 && <RecordTable records={records} />}
          </Card>
          <Card title="Sets of the last four weeks" className="card-muscles">
            <BarList
              rows={muscles.map(({ muscle, sets }) => ({
                id: muscle,
                label: MUSCLE_WORDS[muscle],
                value: sets,
              }))}
            />
          </Card>
        </div>
      )}
    </Loaded>
  );
}

function RecordTable({ records }: { records: readonly PersonalRecord[] }) {
  const unit = useUnit();
  return (
    <table className="records">
      <caption className="visually-hidden">The heaviest of each exercise, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Exercise</th>
          <th scope="col">Heaviest</th>
          <th scope="col">Once, about</th>
          <th scope="col" className="wide-only">
            When
          </th>
        </tr>
      </thead>
      <tbody>
        {records.map(({ exerciseId, exercise, weightKg, reps, onceKg, at }) => (
          <tr key={exerciseId}>
            <th scope="row">{exercise}</th>
            <td>
              {weightWords(weightKg, unit)} × {reps}
            </td>
            <td>{weightWords(onceKg, unit)}</td>
            <td className="wide-only">
              <Ago moment={at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
