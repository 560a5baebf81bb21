import { Router } from "express";
import type { RequestHandler } from "express";
import { cached, guard } from "livecache/express";
import { z } from "zod";
import type { ThreadAnswer } from "../answers.ts";
import { tag } from "../keys.ts";
import { mayTalk } from "../live.ts";
import { readThread } from "../store/threads.ts";
import type { Say } from "../threads.ts";
import { may, notThere, notYours, pathPart, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

const saying = z.object({ text: z.string().trim().min(1, "Please write something.").max(1_000) });

/** What parents and teachers write to each other. Pages send by their sockets, programs by `POST`. */
export function threadRoutes({ say, ...parts }: RouteParts & { readonly say: Say }): Router {
  const { db, live } = parts;
  const router = Router();

  const onlyMembers: RequestHandler<{ studentId: string }> = async (request, _response, next) => {
    if (!(await mayTalk(db, whoOf(request), request.params.studentId))) {
      throw notYours("Only the parents and the class teacher write to each other about a student.");
    }
    next();
  };

  router.get(
    "/threads/:studentId",
    guard(live),
    onlyMembers,
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => [tag.thread(pathPart(request, "studentId"))],
    }),
    async (request, response) => {
      const found = await readThread(db, request.params.studentId);
      if (!found) throw notThere("student");
      response.json(found satisfies ThreadAnswer);
    },
  );

  router.post(
    "/threads/:studentId/messages",
    may(parts, "messages:write"),
    onlyMembers,
    async (request, response) => {
      const { text } = saying.parse(request.body);
      response.status(201).json({ message: await say(whoOf(request), request.params.studentId, text) });
    },
  );
  return router;
}
