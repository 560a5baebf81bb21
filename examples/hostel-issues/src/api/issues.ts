import { Router } from "express";
import { cached } from "livecache/express";
import { z } from "zod";
import type { IssueAnswer, IssueWritten, IssuesAnswer, Person } from "../answers.ts";
import type { Issue } from "../contract.ts";
import type { Database } from "../database/database.ts";
import type { HostelLive } from "../live.ts";
import { maySeeHostel, mayWorkIn } from "../permissions.ts";
import { changeStatus, createIssue, findIssue, listIssues, listSteps } from "../store/issues.ts";
import { CATEGORIES, PRIORITIES, STATUSES } from "../vocabulary.ts";
import { onlyOwnHostel, personOf } from "./guard.ts";
import { findHostels } from "./hostels.ts";
import { Problem } from "example-kit/problem";

const filter = z.object({
  status: z.enum(STATUSES).optional(),
  category: z.enum(CATEGORIES).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const newIssue = z.object({
  hostelId: z.string().min(1).max(40),
  title: z.string().trim().min(4, "Please say in a few words what is wrong.").max(120),
  description: z.string().trim().max(2_000).default(""),
  place: z.string().trim().min(1, "Please say where it is.").max(80),
  category: z.enum(CATEGORIES),
  priority: z.enum(PRIORITIES).default("normal"),
});
const newStatus = z.object({ status: z.enum(STATUSES) });
const issueId = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** What is broken, and what becomes of it. */
export function issueRoutes({ db, live }: { db: Database; live: HostelLive }): Router {
  const router = Router();

  router.get(
    "/hostels/:hostelId/issues",
    onlyOwnHostel,
    cached(live, {
      ttl: "5m",
      tags: (request) => [`hostel:${request.params["hostelId"]}`],
      vary: ["role", "hostelId"],
    }),
    async (request, response) => {
      const { hostelId } = request.params;
      const wanted = filter.parse(request.query);
      await findHostels(db, live, hostelId);
      response.json((await listIssues(db, hostelId, wanted)) satisfies IssuesAnswer);
    },
  );

  router.get(
    "/issues/:id",
    cached(live, {
      ttl: "5m",
      tags: (request) => [`issue:${request.params["id"]}`],
      vary: ["role", "hostelId"],
    }),
    async (request, response) => {
      const issue = await visibleIssue(db, personOf(response), request.params["id"]);
      const steps = await listSteps(db, issue.id);
      response.json({ issue, steps } satisfies IssueAnswer);
    },
  );

  router.post("/issues", async (request, response) => {
    const person = personOf(response);
    const input = newIssue.parse(request.body);
    if (!maySeeHostel(person, input.hostelId)) {
      throw new Problem(403, "Not allowed", "You may report issues of your own hostel only.");
    }
    await findHostels(db, live, input.hostelId);
    const issue = await createIssue(db, person.userId, input);
    await live.change({
      tags: [`hostel:${issue.hostelId}`, "dashboard"],
      emit: [live.event("hostel/:hostelId", { hostelId: issue.hostelId }, "new_issue", issue)],
    });
    response.status(201).json({ message: "Issue created successfully", issue } satisfies IssueWritten);
  });

  router.patch("/issues/:id/status", async (request, response) => {
    const person = personOf(response);
    const { status } = newStatus.parse(request.body);
    const before = await visibleIssue(db, person, request.params["id"]);
    if (!mayWorkIn(person, before.hostelId)) {
      throw new Problem(403, "Not allowed", "Only the hostel's wardens and management change the status.");
    }
    const issue = await changeStatus(db, { issueId: before.id, personId: person.userId, status });
    if (issue) {
      const { id, title, hostelId } = issue;
      const by = { id: person.userId, name: person.name };
      await live.change({
        tags: [`issue:${id}`, `hostel:${hostelId}`, "dashboard"],
        emit: [
          live.event("hostel/:hostelId", { hostelId }, "issue_status_updated", { id, title, status, by }),
        ],
      });
    }
    response.json({ message: "Issue status updated", issue: issue ?? before } satisfies IssueWritten);
  });

  return router;
}

/**
 * The issue with this id, if the person may see its hostel.
 *
 * @throws Problem 404, for somebody else's issue too: which numbers exist elsewhere is not told
 */
async function visibleIssue(db: Database, person: Person, id: unknown): Promise<Issue> {
  const issue = await findIssue(db, issueId.parse(id));
  if (!issue || !maySeeHostel(person, issue.hostelId)) {
    throw new Problem(404, "Not found", "There is no such issue.");
  }
  return issue;
}
