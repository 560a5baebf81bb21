import { usePresence } from "@livecache/client/react";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import { dayWords, initials } from "example-kit/web/words.ts";
import { useState } from "react";
import type { AdminDashboard, Fee } from "../../../src/answers.ts";
import { Tile } from "example-kit/web/parts/tile.tsx";
import { Card, Tiles } from "../parts/card.tsx";
import { MarkBar } from "../parts/marks.tsx";
import { NoticeForm } from "../parts/notice-form.tsx";
import { useAct } from "../parts/use-act.ts";
import { usePerson } from "../session.tsx";
import { ROLE_WORDS, moneyOf } from "../words.ts";

const FEES_SHOWN = 4;

/** A school's day: who is there, who is on duty, what is owed. */
export function AdminBoard({ board: { today, classes, staff, fees } }: { board: AdminDashboard }) {
  const [writing, setWriting] = useState(false);
  const taken = classes.filter(({ today: { unmarked } }) => unmarked === 0).length;
  return (
    <>
      <Tiles>
        <Tile icon="check" label="Here today" value={today.present + today.late} className="tile-good" />
        <Tile icon="alert" label="Absent" value={today.absent} className="tile-bad" />
        <Tile icon="list" label={`Classes taken of ${classes.length}`} value={taken} />
        <Tile icon="clock" label="Fees open" value={fees.openCents} format={moneyOf} className="tile-warn" />
      </Tiles>
      <Card
        title="Classes"
        span={7}
        aside={
          <button type="button" className="button button-step" onClick={() => setWriting(true)}>
            <Icon name="megaphone" size={18} /> Notice
          </button>
        }
      >
        <ul className="rows">
          {classes.map((one) => (
            <li key={one.id} className="row row-tall">
              <span className="row-text">
                <Link href={`/classes/${one.id}`}>Class {one.name}</Link>
                <span>
                  {one.teacher}, room {one.room}
                </span>
              </span>
              <MarkBar counts={one.today} />
            </li>
          ))}
        </ul>
      </Card>
      <Staff staff={staff} />
      <Fees fees={fees} />
      {writing && <NoticeForm onClose={() => setWriting(false)} />}
    </>
  );
}

/** Being on duty is having the school open on some screen. */
function Staff({ staff }: Pick<AdminDashboard, "staff">) {
  const { schoolId } = usePerson();
  const { users } = usePresence("school/:schoolId", schoolId === null ? null : { schoolId });
  const onDuty = new Set(users.map(({ userId }) => userId));
  const here = staff.filter(({ id }) => onDuty.has(id)).length;
  return (
    <Card title="Staff" span={5} isTall aside={<span className="faint">{here} on duty</span>}>
      <ul className="rows">
        {staff.map(({ id, name, role, post }) => (
          <li key={id} className="row">
            <span className={`avatar role-${role}`} aria-hidden="true">
              {initials(name)}
            </span>
            <span className="row-text">
              <strong>{name}</strong>
              <span>{post ?? ROLE_WORDS[role]}</span>
            </span>
            <span className={onDuty.has(id) ? "duty duty-on" : "duty"}>
              {onDuty.has(id) ? "On duty" : "Away"}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Fees({ fees: { paidCents, overdue } }: Pick<AdminDashboard, "fees">) {
  const { busy, act } = useAct();
  const owed = overdue.reduce((sum, { cents }) => sum + cents, 0);
  return (
    <Card
      title="Fees overdue"
      span={7}
      aside={<span className="faint">{moneyOf(paidCents)} paid this term</span>}
    >
      {overdue.length === 0 && <p className="faint">Everybody has paid in time.</p>}
      <ul className="rows">
        {overdue.slice(0, FEES_SHOWN).map((fee) => (
          <FeeRow
            key={fee.id}
            fee={fee}
            busy={busy}
            onPaid={() => void act("POST", `/api/fees/${fee.id}/paid`)}
          />
        ))}
      </ul>
      {overdue.length > FEES_SHOWN && (
        <p className="faint">
          And {overdue.length - FEES_SHOWN} more: {moneyOf(owed)} in all.
        </p>
      )}
    </Card>
  );
}

function FeeRow({ fee, busy, onPaid }: { fee: Fee; busy: boolean; onPaid: () => void }) {
  return (
    <li className="row">
      <span className="row-text">
        <strong>{fee.student}</strong>
        <span>
          {fee.title}, due {dayWords(fee.due)}
        </span>
      </span>
      <span className="amount">{moneyOf(fee.cents)}</span>
      <button
        type="button"
        className="button button-step"
        aria-disabled={busy}
        aria-label={`Paid: ${fee.title} of ${fee.student}`}
        onClick={() => busy || onPaid()}
      >
        Paid
      </button>
    </li>
  );
}
