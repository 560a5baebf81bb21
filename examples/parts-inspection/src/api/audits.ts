import { Router } from "express";
import { Problem } from "example-kit/problem";
import { cached, guard, identityOf } from "livecache/express";
import { z } from "zod";
import type { Answered, AuditAnswer, AuditWritten, AuditsAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { PartsLive, Who } from "../live.ts";
import { createAudit, deleteAudit, findAudit, listAudits, updateAudit } from "../store/audits.ts";
import { listPlaces } from "../store/plant.ts";
import { listComments, listPhotos } from "../store/talk.ts";
import { PLACES, RESULTS } from "../vocabulary.ts";
import { idSchema, pathId, wrongField } from "./input.ts";
import { noticeOf, tellAdmins } from "./notices.ts";

const filter = z.object({
  line: idSchema.optional(),
  machine: idSchema.optional(),
  process: idSchema.optional(),
  result: z.enum(RESULTS).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(40),
});
const answered = z
  .object({
    question: z.string().min(1).max(120),
    passed: z.boolean({ error: "Please answer each question." }),
    remark: z.string().trim().max(300).default(""),
  })
  .refine(({ passed, remark }) => passed || remark.length >= 3, {
    path: ["remark"],
    message: "Please say what is wrong.",
  });
const findings = z.object({
  answers: z.array(answered).min(1, "Please answer the checklist.").max(50),
  remarks: z.string().trim().max(1_000).default(""),
});
const newAudit = findings.extend({ lineId: idSchema, machineId: idSchema, processId: idSchema });

/** Audits: administrators read and change all of them, inspectors their own. */
export function auditRoutes({ db, live }: { db: Database; live: PartsLive }): Router {
  const router = Router();
  const onlyAdmins = guard(live, { roles: ["admin"] });

  router.get(
    "/audits",
    // An audit is listed with the names of where it was made.
    cached(live, { ttl: "short", tags: ["audits", ...PLACES], vary: ["sees"] }),
    async (request, response) => {
      const { line, machine, process, ...wanted } = filter.parse(request.query);
      const { sees } = identityOf<Who>(request);
      const inspectorId = sees === "all" ? undefined : sees;
      const places = { lineId: line, machineId: machine, processId: process };
      response.json((await listAudits(db, { ...wanted, ...places, inspectorId })) satisfies AuditsAnswer);
    },
  );

  router.get(
    "/audits/:id",
    cached(live, {
      ttl: "medium",
      tags: (request) => [`audit:${request.params["id"]}`, ...PLACES],
      vary: ["sees"],
    }),
    async (request, response) => {
      const found = await visibleAudit(db, identityOf<Who>(request), request.params["id"]);
      const { id } = found.audit;
      const [comments, photos] = await Promise.all([listComments(db, id), listPhotos(db, id)]);
      response.json({ ...found, comments, photos } satisfies AuditAnswer);
    },
  );

  router.post("/audits", async (request, response) => {
    const who = identityOf<Who>(request);
    const input = newAudit.parse(request.body);
    await checkPlace(db, input);
    const audit = await createAudit(db, who.userId, input);
    const notice = {
      ...noticeOf(audit, who, "New audit submitted"),
      ...{ process: audit.process.name, result: audit.result },
    };
    await live.change({
      tags: ["audits"],
      emit: [
        live.event("audit-room", {}, "audit-created", notice),
        ...(await tellAdmins({ db, live }, "audit-created", notice)),
      ],
    });
    response.status(201).json({ message: "Audit submitted", audit } satisfies AuditWritten);
  });

  router.patch("/audits/:id", async (request, response) => {
    const who = identityOf<Who>(request);
    const before = await visibleAudit(db, who, request.params["id"]);
    const input = findings.parse(request.body);
    checkQuestions(
      input.answers,
      before.answers.map(({ question }) => question),
    );
    const audit = await updateAudit(db, before.audit.id, input);
    if (!audit) throw gone();
    await live.change({
      tags: ["audits", `audit:${audit.id}`],
      emit: [live.event("audit-room", {}, "audit-updated", noticeOf(audit, who, "Audit updated"))],
    });
    response.json({ message: "Audit updated", audit } satisfies AuditWritten);
  });

  router.delete("/audits/:id", onlyAdmins, async (request, response) => {
    const who = identityOf<Who>(request);
    const { audit } = await visibleAudit(db, who, request.params["id"]);
    if (!(await deleteAudit(db, audit.id))) throw gone();
    await live.change({
      tags: ["audits", `audit:${audit.id}`],
      emit: [live.event("audit-room", {}, "audit-deleted", noticeOf(audit, who, "Audit deleted"))],
    });
    response.json({ message: "Audit deleted" });
  });

  return router;
}

/**
 * The audit with this number, if the person may read it.
 *
 * @throws Problem 404, for somebody else's audit too: which numbers exist is not told
 */
export async function visibleAudit(db: Database, { sees }: Who, id: unknown) {
  const found = await findAudit(db, pathId(id));
  if (!found || (sees !== "all" && found.audit.inspector.id !== sees)) throw gone();
  return found;
}

function gone(): Problem {
  return new Problem(404, "Not found", "There is no such audit.");
}

/** The machine stands on the line and does the process, and the answers are to the process's questions. */
async function checkPlace(db: Database, input: z.infer<typeof newAudit>): Promise<void> {
  const [lines, machines, processes] = await Promise.all([
    listPlaces(db, "lines"),
    listPlaces(db, "machines"),
    listPlaces(db, "processes"),
  ]);
  const inUse = <T extends { id: number; retired: boolean }>(all: readonly T[], id: number) =>
    all.find((one) => one.id === id && !one.retired);
  if (!inUse(lines, input.lineId)) throw wrongField("lineId", "There is no such line in use.");
  const machine = inUse(machines, input.machineId);
  if (machine?.lineId !== input.lineId) throw wrongField("machineId", "No such machine stands on this line.");
  const process = inUse(processes, input.processId);
  if (!process || !machine.processIds.includes(process.id)) {
    throw wrongField("processId", "This machine does not do that.");
  }
  checkQuestions(input.answers, process.questions);
}

/** @throws Problem 409 when the checklist has changed since it was shown */
function checkQuestions(answers: readonly Answered[], questions: readonly string[]): void {
  const isSame =
    answers.length === questions.length && answers.every(({ question }, at) => question === questions[at]);
  if (!isSame)
    throw new Problem(409, "Another checklist", "The checklist has changed. Please look at it again.");
}
