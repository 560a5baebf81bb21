import { Icon } from "example-kit/web/parts/icon.tsx";
import { useState } from "react";
import type { StaffDashboard } from "../../../src/answers.ts";
import { Tile } from "example-kit/web/parts/tile.tsx";
import { Card, Tiles } from "../parts/card.tsx";
import { useAct } from "../parts/use-act.ts";
import { VisitorForm } from "../parts/visitor-form.tsx";
import { BUS_WORDS, NEXT_BUS, clockOf } from "../words.ts";

/** The front desk: who is in the house, and where the buses are. */
export function StaffBoard({ board: { visitors, buses } }: { board: StaffDashboard }) {
  const [adding, setAdding] = useState(false);
  const { busy, act } = useAct();
  const inside = visitors.filter(({ leftAt }) => leftAt === null);
  const seats = buses.filter(({ state }) => state !== "left").reduce((sum, bus) => sum + bus.seats, 0);
  return (
    <>
      <Tiles>
        <Tile icon="person" label="In the house" value={inside.length} className="tile-good" />
        <Tile icon="list" label="Visitors today" value={visitors.length} />
        <Tile
          icon="clock"
          label="Buses to come"
          value={buses.filter(({ state }) => state === "expected").length}
        />
        <Tile icon="house" label="Seats left today" value={seats} />
      </Tiles>
      <Card
        title="Visitors"
        span={7}
        aside={
          <button type="button" className="button button-main" onClick={() => setAdding(true)}>
            <Icon name="plus" size={18} /> Visitor
          </button>
        }
      >
        {visitors.length === 0 && <p className="faint">Nobody has come yet today.</p>}
        <ul className="rows">
          {visitors.map(({ id, name, sees, cameAt, leftAt }) => (
            <li key={id} className={leftAt ? "row row-past" : "row"}>
              <span className="row-text">
                <strong>{name}</strong>
                <span>
                  Sees {sees}, since {clockOf(cameAt)}
                </span>
              </span>
              {leftAt ? (
                <span className="faint">Left at {clockOf(leftAt)}</span>
              ) : (
                <button
                  type="button"
                  className="button button-step"
                  aria-disabled={busy}
                  aria-label={`${name} has left`}
                  onClick={() => busy || void act("POST", `/api/visitors/${id}/leave`)}
                >
                  Has left
                </button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <Buses buses={buses} />
      {adding && <VisitorForm onClose={() => setAdding(false)} />}
    </>
  );
}

function Buses({ buses }: Pick<StaffDashboard, "buses">) {
  const { busy, act } = useAct();
  return (
    <Card title="Buses home" span={5}>
      <ul className="rows">
        {buses.map(({ id, name, departs, seats, state }) => (
          <li key={id} className="row row-bus">
            <span className="row-text">
              <strong>{name}</strong>
              <span>
                {departs}, {seats} seats
              </span>
            </span>
            <span className={`pill bus-${state}`}>{BUS_WORDS[state]}</span>
            <button
              type="button"
              className="button button-step"
              aria-disabled={busy}
              aria-label={`${name}: ${NEXT_BUS[state].words}`}
              onClick={() => busy || void act("PUT", `/api/buses/${id}`, { state: NEXT_BUS[state].to })}
            >
              {NEXT_BUS[state].words}
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
