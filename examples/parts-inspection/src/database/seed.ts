import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import { hashPassword } from "example-kit/passwords";
import type { Answered } from "../answers.ts";
import { DEMO_PEOPLE } from "../demo-people.ts";
import { demoPhoto } from "../demo-photo.ts";
import { DEMO_LINES, DEMO_MACHINES, DEMO_PROCESSES, DEMO_REMARKS, DEMO_TALK } from "../demo-plant.ts";
import type { Database } from "./database.ts";
import { audits, comments, lines, machines, people, photos, processes } from "./schema.ts";

const HOUR_MS = 3_600_000;
const DAYS = 21;
const AUDITS = 60;

/** Fills an empty database with a plant, its people and three weeks of audits. A filled one is left alone. */
export async function seed(db: Database): Promise<void> {
  const [known] = await db.select().from(people).limit(1);
  if (known) return;
  const hashed = DEMO_PEOPLE.map(async ({ id, name, email, role, password }) => ({
    ...{ id, name, email, role },
    passwordHash: await hashPassword(password),
  }));
  await db.insert(people).values(await Promise.all(hashed));
  await db.insert(lines).values(DEMO_LINES.map((name) => ({ name })));
  await db
    .insert(processes)
    .values(
      DEMO_PROCESSES.map(({ name, questions }) => ({ name, questions: questions.map(([text]) => text) })),
    );
  await db.insert(machines).values(
    DEMO_MACHINES.map(({ name, line, processes: does }) => ({
      ...{ name, lineId: line + 1 },
      processIds: does.map((index) => index + 1),
    })),
  );
  const chance = createChance(11);
  const made = Array.from({ length: AUDITS }, (_, index) => demoAudit(chance, index));
  await db.insert(audits).values(made);
  const withIds = made.map((audit, index) => ({ ...audit, id: index + 1 }));
  await db.insert(comments).values(withIds.flatMap((audit) => demoTalk(chance, audit)));
  await db.insert(photos).values(demoPhotos(withIds));
}

/** One answered checklist of somewhere in the plant. */
export function demoAnswers(chance: Chance, processIndex: number): Answered[] {
  const isBad = chance.next() < 0.32;
  const { questions } = DEMO_PROCESSES[processIndex]!;
  const fault = Math.floor(chance.next() * questions.length);
  return questions.map(([question, remark], index) =>
    isBad && (index === fault || chance.next() < 0.12)
      ? { question, passed: false, remark }
      : { question, passed: true, remark: "" },
  );
}

function demoAudit(chance: Chance, index: number) {
  const machine = chance.pick(DEMO_MACHINES);
  const processIndex = chance.pick(machine.processes);
  const answers = demoAnswers(chance, processIndex);
  const hoursAgo = ((AUDITS - index - chance.next()) / AUDITS) ** 1.2 * DAYS * 24;
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  return {
    lineId: machine.line + 1,
    machineId: DEMO_MACHINES.indexOf(machine) + 1,
    processId: processIndex + 1,
    inspectorId: chance.pick(DEMO_PEOPLE.filter(({ role }) => role === "inspector")).id,
    answers,
    result: answers.every(({ passed }) => passed) ? ("passed" as const) : ("failed" as const),
    remarks: chance.pick(DEMO_REMARKS),
    createdAt: at,
    updatedAt: at,
  };
}

type MadeAudit = ReturnType<typeof demoAudit> & { readonly id: number };

/** Photos of what was wrong with the newest parts that failed. */
function demoPhotos(made: readonly MadeAudit[]) {
  const failed = made.filter(({ result }) => result === "failed").slice(-2);
  return failed.map(({ id, inspectorId, createdAt }, index) => ({
    ...{ auditId: id, authorId: inspectorId, name: "part.png", type: "image/png" as const },
    ...{ picture: demoPhoto(index * 1.9 + 0.4), at: createdAt },
  }));
}

/** What was said about an audit that failed: a question and its answer, before now. */
function demoTalk(chance: Chance, audit: MadeAudit) {
  if (audit.result === "passed" || chance.next() < 0.4) return [];
  const first = Math.floor(chance.next() * (DEMO_TALK.length / 2)) * 2;
  const leftMs = Date.now() - audit.createdAt.getTime();
  const at = (part: number): Date =>
    new Date(audit.createdAt.getTime() + Math.min(leftMs, 6 * HOUR_MS) * part);
  const admin = chance.pick(["nadia", "viktor"]);
  return [
    { auditId: audit.id, authorId: admin, text: DEMO_TALK[first]!, at: at(0.3) },
    { auditId: audit.id, authorId: audit.inspectorId, text: DEMO_TALK[first + 1]!, at: at(0.7) },
  ];
}
