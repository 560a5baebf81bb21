import { geoMercator, geoPath } from "d3-geo";
import type { RegionsReport } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { hrefTo } from "../route.ts";
import { counted, short } from "../words.ts";
import { boxOf, partsOf } from "./geohash.ts";
import type { Box } from "./geohash.ts";

const WIDTH = 640;

/** Who is where: cells of the map, from the whole of it down to one of them. */
export function MapPage({ prefix }: { readonly prefix: string | undefined }) {
  const query = prefix === undefined ? "" : `?prefix=${encodeURIComponent(prefix)}`;
  const look = useLook<RegionsReport>(`regions${query}`, 4_000);
  return (
    <Page
      title="Map"
      about="How many are in which cell. A cell opens into its parts, and the smallest into who is there."
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Shown look={look}>{(report) => <Regions report={report} />}</Shown>
    </Page>
  );
}

function Regions({ report }: { readonly report: RegionsReport }) {
  const { precision, prefix, counts, members, scope } = report;
  if (precision === null) {
    return (
      <div className="card">
        <Empty icon="map" title="This application has no regions">
          <p>
            Its contract can have them: <code>{'regions: { channel: "region/:cell", precision: 6 }'}</code>.
          </p>
        </Empty>
      </div>
    );
  }
  const cells = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const isCell = prefix.length >= precision;
  return (
    <>
      {scope === "local" && (
        <p className="notice" role="status">
          The ground is away: these are the sockets of one node only.
        </p>
      )}
      <Trail prefix={prefix} />
      {isCell ? (
        <Members members={members} prefix={prefix} />
      ) : (
        <Parts cells={cells} prefix={prefix} precision={precision} />
      )}
    </>
  );
}

/** The cells that this one lies in. */
function Trail({ prefix }: { readonly prefix: string }) {
  const steps = Array.from({ length: prefix.length + 1 }, (_, length) => prefix.slice(0, length));
  return (
    <nav aria-label="Cells that this one lies in">
      <ol className="chips">
        {steps.map((step) => (
          <li key={step}>
            <a
              className="chip mono"
              href={`#/map?prefix=${step}`}
              aria-current={step === prefix ? "page" : undefined}
            >
              {step === "" ? "everywhere" : step}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

type Cells = readonly (readonly [cell: string, count: number])[];

function Parts({
  cells,
  prefix,
  precision,
}: {
  readonly cells: Cells;
  readonly prefix: string;
  readonly precision: number;
}) {
  if (cells.length === 0) {
    return (
      <div className="card">
        <Empty icon="map" title="Nobody is there">
          <p>Clients are on the map once they have told where they are.</p>
        </Empty>
      </div>
    );
  }
  const all = cells.reduce((sum, [, count]) => sum + count, 0);
  return (
    <div className="grid two">
      <Card title={`${counted(all, "person", "people")} in ${prefix === "" ? "all" : prefix}`}>
        <Drawing cells={cells} prefix={prefix} />
      </Card>
      <Card title="Cells" flush>
        <Table
          label="Cells by how many are there"
          rows={cells}
          idOf={([cell]) => cell}
          columns={[
            {
              title: prefix.length + 1 >= precision ? "Cell" : "Part",
              cell: ([cell]) => (
                <a className="mono" href={hrefTo("map", { prefix: cell })}>
                  {cell}
                </a>
              ),
            },
            { title: "There", isNumber: true, cell: ([, count]) => short(count) },
          ]}
        />
      </Card>
    </div>
  );
}

/** Mercator has no poles. */
const NORTHMOST = 84;

function Drawing({ cells, prefix }: { readonly cells: Cells; readonly prefix: string }) {
  const frame = boxOf(prefix);
  const projection = geoMercator()
    .rotate([-(frame.west + frame.east) / 2, 0])
    .fitWidth(WIDTH, corners(frame));
  const path = geoPath(projection);
  const [[left, top], [right, bottom]] = path.bounds(corners(frame));
  const most = Math.max(...cells.map(([, count]) => count));
  return (
    <svg
      className="map"
      viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
      role="group"
      aria-label="Cells on the map"
    >
      {partsOf(prefix).map((cell) => (
        <path key={cell} className="part" d={path(corners(boxOf(cell))) ?? ""} />
      ))}
      {cells.map(([cell, count]) => {
        const shape = corners(boxOf(cell));
        const [x, y] = path.centroid(shape);
        const there = `${cell}: ${counted(count, "person", "people")}`;
        return (
          <a key={cell} href={hrefTo("map", { prefix: cell })} aria-label={there}>
            <path className="cell" d={path(shape) ?? ""} fillOpacity={0.25 + 0.6 * (count / most)} />
            <text x={x} y={y + 8} aria-hidden="true">
              {short(count)}
            </text>
          </a>
        );
      })}
    </svg>
  );
}

/** A rectangle as a line: the winding of a polygon would say which side of the globe is meant. */
function corners({ west, south, east, north }: Box) {
  const [low, high] = [Math.max(-NORTHMOST, south), Math.min(NORTHMOST, north)];
  const inside = (east - west) * 1e-6;
  const ring = [
    [west + inside, low],
    [west + inside, high],
    [east - inside, high],
    [east - inside, low],
    [west + inside, low],
  ];
  return { type: "LineString" as const, coordinates: ring };
}

function Members({
  members,
  prefix,
}: {
  readonly members: RegionsReport["members"];
  readonly prefix: string;
}) {
  return (
    <Card title={`${counted(members.length, "socket")} in ${prefix}`} flush>
      {members.length === 0 ? (
        <Empty icon="map" title="Nobody is there" />
      ) : (
        <Table
          label="Who is there"
          rows={members}
          idOf={({ socketId }) => socketId}
          columns={[
            {
              title: "User",
              cell: ({ userId }) =>
                userId === undefined ? "nobody" : <a href={hrefTo("users/user", { id: userId })}>{userId}</a>,
            },
            { title: "Socket", cell: ({ socketId }) => <code>{socketId}</code> },
          ]}
        />
      )}
    </Card>
  );
}
