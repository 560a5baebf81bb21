import type { RequestHandler, Response } from "express";
import type { Person } from "../answers.ts";
import { maySeeHostel } from "../permissions.ts";
import type { Sessions } from "../session.ts";
import type { Role } from "../vocabulary.ts";
import { Problem } from "example-kit/problem";

/** Finds out who asks. Routes read it with {@link personOf}. */
export function identifyPerson(sessions: Sessions): RequestHandler {
  return async (request, response, next) => {
    response.locals["person"] = await sessions.read(request.headers);
    next();
  };
}

/** Who asks, or `undefined` for somebody not signed in. */
export function visitorOf(response: Response): Person | undefined {
  return response.locals["person"] as Person | undefined;
}

/**
 * Who asks.
 *
 * @throws Problem 401 when nobody is signed in
 */
export function personOf(response: Response): Person {
  const person = visitorOf(response);
  if (!person) throw new Problem(401, "Not signed in", "Sign in first: POST /api/session.");
  return person;
}

/** Lets only people of one role pass. */
export function onlyRole(role: Role): RequestHandler {
  return (_request, response, next) => {
    if (personOf(response).role !== role) throw new Problem(403, "Not allowed", `Only ${role} may do this.`);
    next();
  };
}

/** Lets only people pass who may see the hostel in the path. */
export const onlyOwnHostel: RequestHandler<{ hostelId: string }> = (request, response, next) => {
  if (!maySeeHostel(personOf(response), request.params.hostelId)) {
    throw new Problem(403, "Not allowed", "You may see your own hostel only.");
  }
  next();
};
