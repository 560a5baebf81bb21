import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { Link, go, usePlace, withQuery } from "example-kit/web/router.tsx";
import { countOf } from "example-kit/web/words.ts";
import { useState } from "react";
import type { SegmentQuality, SegmentsAnswer } from "../../../src/answers.ts";
import type { City } from "../../../src/city/city.ts";
import { gradeOf } from "../../../src/quality.ts";
import { GRADES } from "../../../src/vocabulary.ts";
import type { Grade } from "../../../src/vocabulary.ts";
import { useCity } from "../city.tsx";
import { GradeChip } from "../parts/grade-chip.tsx";
import { GRADE_WORDS, kmWords } from "../words.ts";

const STEP = 40;
const ORDERS = { worst: "Worst first", best: "Best first", latest: "Latest first", name: "By name" } as const;
type Order = keyof typeof ORDERS;

interface Row extends SegmentQuality {
  readonly street: string;
  readonly km: number;
}

/** The roads as a list: everything that the map shows, for whoever reads rather than looks. */
export function RoadsPage() {
  const place = usePlace();
  const city = useCity();
  const { data, error, refetch } = useLive<SegmentsAnswer>("/api/segments");
  const [limit, setLimit] = useState(STEP);
  const grade = GRADES.find((one) => one === place.query.get("grade"));
  const street = place.query.get("street") ?? "";
  const order = (place.query.get("order") ?? "worst") as Order;
  const rows = data ? chosen(rowsOf(data, city), { grade, street, order }) : [];
  return (
    <>
      <PageHead
        title="Roads"
        note={
          data ? `${countOf(rows.length, "segment")}, updated by themselves` : "What the map shows, as a list"
        }
      />
      <form className="road-filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span>Street</span>
          <input
            type="search"
            value={street}
            placeholder="Neem Street"
            onChange={(event) => go(withQuery(place, { street: event.target.value || undefined }), "replace")}
          />
        </label>
        <label>
          <span>Ride quality</span>
          <select
            value={grade ?? ""}
            onChange={(event) => go(withQuery(place, { grade: event.target.value || undefined }), "replace")}
          >
            <option value="">Every quality</option>
            {GRADES.map((one) => (
              <option key={one} value={one}>
                {GRADE_WORDS[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Order</span>
          <select
            value={order}
            onChange={(event) => go(withQuery(place, { order: event.target.value }), "replace")}
          >
            {Object.entries(ORDERS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </form>
      {!data && !error && <Skeleton rows={8} height={52} />}
      {!data && error && <Trouble what="The roads" words={wordsFor(error)} onRetry={refetch} />}
      {data && rows.length === 0 && (
        <Empty title="No road fits">
          <Link href={place.path}>Show every road</Link>
        </Empty>
      )}
      {rows.length > 0 && <RoadTable rows={rows.slice(0, limit)} />}
      {rows.length > limit && (
        <p className="more">
          <button type="button" className="button" onClick={() => setLimit(limit + STEP)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

function RoadTable({ rows }: { rows: readonly Row[] }) {
  return (
    <table className="table road-table">
      <thead>
        <tr>
          <th scope="col">Road</th>
          <th scope="col">Ride</th>
          <th scope="col" className="number">
            Quality
          </th>
          <th scope="col" className="number">
            Confidence
          </th>
          <th scope="col" className="number">
            Observations
          </th>
          <th scope="col">Last felt</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Link href={`/?segment=${row.id}`}>{row.street}</Link>
              <small>{kmWords(row.km)}</small>
            </th>
            <td>
              <GradeChip quality={row.quality} />
            </td>
            <td className="number" data-label="Quality">
              {row.quality === null ? "–" : Math.round(row.quality)}
            </td>
            <td className="number" data-label="Confidence">
              {Math.round(row.confidence * 100)} %
            </td>
            <td className="number" data-label="Observations">
              {row.observations}
            </td>
            <td data-label="Last felt">{row.updatedAt ? <Ago moment={row.updatedAt} /> : "never"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function rowsOf({ segments }: SegmentsAnswer, city: City): Row[] {
  return segments.flatMap((segment) => {
    const road = city.segment(segment.id);
    return road ? [{ ...segment, street: road.street, km: road.km }] : [];
  });
}

interface Choice {
  readonly grade: Grade | undefined;
  readonly street: string;
  readonly order: Order;
}

function chosen(rows: readonly Row[], { grade, street, order }: Choice): Row[] {
  const wanted = street.trim().toLowerCase();
  const fitting = rows.filter(
    (row) =>
      row.street.toLowerCase().includes(wanted) &&
      (!grade || (row.quality !== null && gradeOf(row.quality) === grade)),
  );
  const by: Readonly<Record<Order, (a: Row, b: Row) => number>> = {
    worst: (a, b) => (a.quality ?? 101) - (b.quality ?? 101),
    best: (a, b) => (b.quality ?? -1) - (a.quality ?? -1),
    latest: (a, b) => (b.updatedAt ?? "").localeCompare(a.updatedAt ?? ""),
    name: (a, b) => a.street.localeCompare(b.street),
  };
  return fitting.sort(by[order] ?? by.worst);
}
