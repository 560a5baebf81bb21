import { and, count, desc, eq } from "drizzle-orm";
import type { Answered, Audit, AuditsAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { audits, lines, machines, people, processes } from "../database/schema.ts";
import type { Result } from "../vocabulary.ts";

/** Which audits to list. */
export interface AuditFilter {
  readonly inspectorId?: string | undefined;
  readonly lineId?: number | undefined;
  readonly machineId?: number | undefined;
  readonly processId?: number | undefined;
  readonly result?: Result | undefined;
  readonly limit: number;
}

/** The newest audits that pass the filter, and how many there are of each result. */
export async function listAudits(db: Database, filter: AuditFilter): Promise<AuditsAnswer> {
  const { inspectorId, lineId, machineId, processId, result, limit } = filter;
  const fits = and(
    inspectorId === undefined ? undefined : eq(audits.inspectorId, inspectorId),
    lineId === undefined ? undefined : eq(audits.lineId, lineId),
    machineId === undefined ? undefined : eq(audits.machineId, machineId),
    processId === undefined ? undefined : eq(audits.processId, processId),
  );
  const [rows, groups] = await Promise.all([
    selectAudits(db)
      .where(and(fits, result && eq(audits.result, result)))
      .orderBy(desc(audits.id))
      .limit(limit),
    db.select({ result: audits.result, count: count() }).from(audits).where(fits).groupBy(audits.result),
  ]);
  const counts = { passed: 0, failed: 0 };
  for (const group of groups) counts[group.result] = group.count;
  return { audits: rows.map((row) => toAudit(row).audit), counts };
}

export async function findAudit(
  db: Database,
  id: number,
): Promise<{ readonly audit: Audit; readonly answers: readonly Answered[] } | undefined> {
  const [row] = await selectAudits(db).where(eq(audits.id, id));
  return row && toAudit(row);
}

/** Who made an audit, if there is one. */
export async function inspectorOf(db: Database, id: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(id) || id < 1 || id >= 2 ** 31) return undefined;
  const [row] = await db.select({ id: audits.inspectorId }).from(audits).where(eq(audits.id, id));
  return row?.id;
}

/** What an inspector hands in. */
export interface NewAudit {
  readonly lineId: number;
  readonly machineId: number;
  readonly processId: number;
  readonly answers: Answered[];
  readonly remarks: string;
}

export async function createAudit(db: Database, inspectorId: string, input: NewAudit): Promise<Audit> {
  const at = new Date();
  const [row] = await db
    .insert(audits)
    .values({ ...input, inspectorId, result: resultOf(input.answers), createdAt: at, updatedAt: at })
    .returning({ id: audits.id });
  return (await findAudit(db, row!.id))!.audit;
}

/** Puts other answers and remarks in place of an audit's. `undefined` when there is no such audit any more. */
export async function updateAudit(
  db: Database,
  id: number,
  { answers, remarks }: Pick<NewAudit, "answers" | "remarks">,
): Promise<Audit | undefined> {
  await db
    .update(audits)
    .set({ answers, remarks, result: resultOf(answers), updatedAt: new Date() })
    .where(eq(audits.id, id));
  return (await findAudit(db, id))?.audit;
}

/** Deletes an audit with its comments and photos. Whether there was one. */
export async function deleteAudit(db: Database, id: number): Promise<boolean> {
  const gone = await db.delete(audits).where(eq(audits.id, id)).returning({ id: audits.id });
  return gone.length > 0;
}

function resultOf(answers: readonly Answered[]): Result {
  return answers.every(({ passed }) => passed) ? "passed" : "failed";
}

function selectAudits(db: Database) {
  return db
    .select({
      audit: audits,
      line: { id: lines.id, name: lines.name },
      machine: { id: machines.id, name: machines.name },
      process: { id: processes.id, name: processes.name },
      inspector: { id: people.id, name: people.name },
    })
    .from(audits)
    .innerJoin(lines, eq(lines.id, audits.lineId))
    .innerJoin(machines, eq(machines.id, audits.machineId))
    .innerJoin(processes, eq(processes.id, audits.processId))
    .innerJoin(people, eq(people.id, audits.inspectorId))
    .$dynamic();
}

type AuditRow = Awaited<ReturnType<typeof selectAudits>>[number];

function toAudit({ audit, ...named }: AuditRow): { audit: Audit; answers: readonly Answered[] } {
  const { id, result, answers, remarks, createdAt, updatedAt } = audit;
  return {
    audit: {
      ...{ id, ...named, result, remarks },
      passed: answers.filter(({ passed }) => passed).length,
      asked: answers.length,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    },
    answers,
  };
}
