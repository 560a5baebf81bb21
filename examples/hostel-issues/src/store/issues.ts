import { and, asc, count, desc, eq, getTableColumns } from "drizzle-orm";
import type { IssueStep, IssuesAnswer } from "../answers.ts";
import type { Issue } from "../contract.ts";
import type { Database } from "../database/database.ts";
import { issueSteps, issues, people } from "../database/schema.ts";
import type { Category, Priority, Status } from "../vocabulary.ts";

/** Which issues of a hostel to list. */
export interface IssueFilter {
  readonly status?: Status | undefined;
  readonly category?: Category | undefined;
  readonly limit: number;
}

/** The newest issues of a hostel that pass the filter, and how many there are of each status. */
export async function listIssues(db: Database, hostelId: string, filter: IssueFilter): Promise<IssuesAnswer> {
  const inHostel = and(
    eq(issues.hostelId, hostelId),
    filter.category && eq(issues.category, filter.category),
  );
  const [rows, groups] = await Promise.all([
    selectIssues(db)
      .where(and(inHostel, filter.status && eq(issues.status, filter.status)))
      .orderBy(desc(issues.id))
      .limit(filter.limit),
    db.select({ status: issues.status, count: count() }).from(issues).where(inHostel).groupBy(issues.status),
  ]);
  const counts = { open: 0, in_progress: 0, resolved: 0 };
  for (const group of groups) counts[group.status] = group.count;
  return { issues: rows.map(toIssue), counts };
}

export async function findIssue(db: Database, id: number): Promise<Issue | undefined> {
  const [row] = await selectIssues(db).where(eq(issues.id, id));
  return row && toIssue(row);
}

/** What happened to an issue, first step first. */
export async function listSteps(db: Database, issueId: number): Promise<IssueStep[]> {
  const rows = await db
    .select({
      status: issueSteps.status,
      at: issueSteps.at,
      person: { id: people.id, name: people.name },
    })
    .from(issueSteps)
    .innerJoin(people, eq(people.id, issueSteps.personId))
    .where(eq(issueSteps.issueId, issueId))
    .orderBy(asc(issueSteps.id));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** What a reporter fills in. */
export interface NewIssue {
  readonly hostelId: string;
  readonly title: string;
  readonly description: string;
  readonly place: string;
  readonly category: Category;
  readonly priority: Priority;
}

/** Records an issue and its first step in one transaction. */
export async function createIssue(db: Database, reporterId: string, input: NewIssue): Promise<Issue> {
  const at = new Date();
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(issues)
      .values({ ...input, reporterId, status: "open", createdAt: at, updatedAt: at })
      .returning({ id: issues.id });
    await tx.insert(issueSteps).values({ issueId: row!.id, personId: reporterId, status: "open", at });
    return (await findIssue(tx, row!.id))!;
  });
}

/** A change of status: who, which issue, to what. */
export interface StatusChange {
  readonly issueId: number;
  readonly personId: string;
  readonly status: Status;
}

/** Sets an issue's status and records the step, in one transaction. `undefined` when it had that status already. */
export async function changeStatus(
  db: Database,
  { issueId, personId, status }: StatusChange,
): Promise<Issue | undefined> {
  const at = new Date();
  return db.transaction(async (tx) => {
    const [before] = await tx
      .select({ status: issues.status })
      .from(issues)
      .where(eq(issues.id, issueId))
      .for("update");
    if (!before || before.status === status) return undefined;
    await tx
      .update(issues)
      .set({ status, updatedAt: at, resolvedAt: status === "resolved" ? at : null })
      .where(eq(issues.id, issueId));
    await tx.insert(issueSteps).values({ issueId, personId, status, at });
    return findIssue(tx, issueId);
  });
}

function selectIssues(db: Database) {
  const { reporterId: _reporterId, ...columns } = getTableColumns(issues);
  return db
    .select({ ...columns, reporter: { id: people.id, name: people.name } })
    .from(issues)
    .innerJoin(people, eq(people.id, issues.reporterId))
    .$dynamic();
}

type IssueRow = Awaited<ReturnType<typeof selectIssues>>[number];

function toIssue(row: IssueRow): Issue {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
