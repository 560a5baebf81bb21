import type { RequestHandler, Response } from "express";
import type { HostelLive } from "../live.ts";
import { maySeeHostel } from "../permissions.ts";
import type { Sessions, Visitor } from "../session.ts";
import type { Role } from "../vocabulary.ts";
import { Problem } from "example-kit/problem";

/** Finds out who asks: whoever has signed out is nobody. Routes read it with {@link personOf}. */
export function identifyPerson({ live, sessions }: { live: HostelLive; sessions: Sessions }): RequestHandler {
  return async (request, response, next) => {
    const visitor = await sessions.read(request.headers);
    if (visitor && live.tokens.check(visitor) !== "revoked") response.locals["person"] = visitor;
    next();
  };
}

/** Who asks, or `undefined` for somebody not signed in. */
export function visitorOf(response: Response): Visitor | undefined {
  return response.locals["person"] as Visitor | undefined;
}

/**
 * Who asks.
 *
 * @throws Problem 401 when nobody is signed in
 */
export function personOf(response: Response): Visitor {
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
