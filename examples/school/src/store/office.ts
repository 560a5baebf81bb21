import { and, asc, desc, eq, gte, lt, sum } from "drizzle-orm";
import type { AdminDashboard, StaffDashboard } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { buses, fees, people, schools, visitors } from "../database/schema.ts";
import { dayAgo } from "../days.ts";
import type { BusState } from "../vocabulary.ts";

const DAY_MS = 86_400_000;
const SHOWN = 30;

export async function schoolName(db: Database, schoolId: string): Promise<string> {
  const [row] = await db.select().from(schools).where(eq(schools.id, schoolId));
  return row?.name ?? schoolId;
}

/** What is paid, what is not, and what should have been. */
export async function readFees(db: Database, schoolId: string): Promise<AdminDashboard["fees"]> {
  const ofSchool = eq(fees.schoolId, schoolId);
  const [sums, overdue] = await Promise.all([
    db
      .select({ isPaid: fees.isPaid, cents: sum(fees.cents).mapWith(Number) })
      .from(fees)
      .where(ofSchool)
      .groupBy(fees.isPaid),
    db
      .select({ id: fees.id, student: people.name, title: fees.title, cents: fees.cents, due: fees.due })
      .from(fees)
      .innerJoin(people, eq(people.id, fees.studentId))
      .where(and(ofSchool, eq(fees.isPaid, false), lt(fees.due, dayAgo())))
      .orderBy(asc(fees.due), asc(fees.id)),
  ]);
  const of = (isPaid: boolean): number => sums.find((row) => row.isPaid === isPaid)?.cents ?? 0;
  return { paidCents: of(true), openCents: of(false), overdue };
}

/** Marks a fee of this school as paid; whether that was news. */
export async function payFee(db: Database, schoolId: string, id: number): Promise<boolean> {
  const rows = await db
    .update(fees)
    .set({ isPaid: true })
    .where(and(eq(fees.id, id), eq(fees.schoolId, schoolId), eq(fees.isPaid, false)))
    .returning({ id: fees.id });
  return rows.length > 0;
}

/** Who came in the last day, the newest first. */
export async function readVisitors(db: Database, schoolId: string): Promise<StaffDashboard["visitors"]> {
  const rows = await db
    .select()
    .from(visitors)
    .where(and(eq(visitors.schoolId, schoolId), gte(visitors.cameAt, new Date(Date.now() - DAY_MS))))
    .orderBy(desc(visitors.cameAt), desc(visitors.id))
    .limit(SHOWN);
  return rows.map(({ id, name, sees, cameAt, leftAt }) => ({
    ...{ id, name, sees, cameAt: cameAt.toISOString() },
    leftAt: leftAt?.toISOString() ?? null,
  }));
}

export async function addVisitor(
  db: Database,
  input: { readonly schoolId: string; readonly name: string; readonly sees: string },
): Promise<void> {
  await db.insert(visitors).values({ ...input, cameAt: new Date() });
}

/** Notes that a visitor of this school has gone; whether there was such a visitor. */
export async function seeOff(db: Database, schoolId: string, id: number): Promise<boolean> {
  const rows = await db
    .update(visitors)
    .set({ leftAt: new Date() })
    .where(and(eq(visitors.id, id), eq(visitors.schoolId, schoolId)))
    .returning({ id: visitors.id });
  return rows.length > 0;
}

export function readBuses(db: Database, schoolId: string): Promise<StaffDashboard["buses"]> {
  const columns = {
    ...{ id: buses.id, name: buses.name, departs: buses.departs },
    ...{ seats: buses.seats, state: buses.state },
  };
  return db.select(columns).from(buses).where(eq(buses.schoolId, schoolId)).orderBy(asc(buses.departs));
}

/** Sets the state of a bus of this school; answers its name. */
export async function setBus(
  db: Database,
  schoolId: string,
  { id, state }: { readonly id: string; readonly state: BusState },
): Promise<string | undefined> {
  const [row] = await db
    .update(buses)
    .set({ state })
    .where(and(eq(buses.id, id), eq(buses.schoolId, schoolId)))
    .returning({ name: buses.name });
  return row?.name;
}
