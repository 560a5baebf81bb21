import { Problem } from "example-kit/problem";
import { guard, identityOf } from "livecache/express";
import type { Request, RequestHandler } from "express";
import { rightsOf } from "../dashboards.ts";
import type { Database } from "../database/database.ts";
import type { SchoolLive, Who } from "../live.ts";
import type { Right } from "../vocabulary.ts";

/** What every route works with. */
export interface RouteParts {
  readonly db: Database;
  readonly live: SchoolLive;
}

/** Lets only those pass whose role has the right; `sensitive` ones not while it is unknown whether their tokens were revoked. */
export function may({ db, live }: RouteParts, right: Right, sensitive = false): RequestHandler {
  return guard<Who>(live, {
    sensitive,
    allow: async ({ role }) => (await rightsOf(live, db, role)).includes(right),
  });
}

/** Who asks. Only behind a guard. */
export function whoOf(request: object): Who {
  return identityOf<Who>(request);
}

/** A part of the path, as text. */
export function pathPart(request: Pick<Request, "params">, name: string): string {
  return String(request.params[name]);
}

/** A number in the path. @throws Problem 404 when it is none */
export function pathNumber(request: Pick<Request, "params">, name: string): number {
  const number = Number(request.params[name]);
  if (Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
  throw notThere("entry");
}

export function notThere(what: string): Problem {
  return new Problem(404, "Not found", `There is no such ${what}.`);
}

export function notYours(words: string): Problem {
  return new Problem(403, "Not allowed", words);
}
