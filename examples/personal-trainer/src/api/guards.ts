import type { Request, RequestHandler } from "express";
import { Problem } from "example-kit/problem";
import { guard, identityOf } from "livecache/express";
import type { Person, Workout } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import type { Visitor } from "../session.ts";
import { findWorkout } from "../store/workouts.ts";
import { rowId } from "./forms.ts";

/** Who asks; only behind a guard. */
export function visitorOf(request: Request): Visitor {
  return identityOf(request) as Visitor;
}

/** Who asks, or `undefined` for nobody: also for whoever has signed out. */
export async function whoAsks(
  { live, sessions }: Pick<AppParts, "live" | "sessions">,
  request: Request,
): Promise<Visitor | undefined> {
  const visitor = await sessions.read(request);
  return visitor && live.tokens.check(visitor) !== "revoked" ? visitor : undefined;
}

type GuardParts = Pick<AppParts, "db" | "live" | "reader" | "readings">;

/** Lets only trainers pass. */
export function onlyTrainers({ live }: GuardParts): RequestHandler {
  return guard(live, { roles: ["trainer"] });
}

/** Lets only the person of this parameter pass, and their trainer. */
export function ownOrClient(parts: GuardParts, parameter: "userId" | "memberId"): RequestHandler {
  return async (request, _response, next) => {
    const userId = String(request.params[parameter]);
    if (!(await maySee(parts, visitorOf(request), userId))) {
      throw new Problem(403, "Not allowed", "You may see yourself, and your own clients, only.");
    }
    next();
  };
}

/** @throws Problem 401 when the person is not there any more */
export async function personOf({ reader, readings }: GuardParts, userId: string): Promise<Person> {
  const person = await reader.valueOf(readings.profile(userId));
  if (!person) throw new Problem(401, "Not signed in", "This account does not exist any more.");
  return person;
}

/**
 * The workout with this id, if the visitor may see it.
 *
 * @throws Problem 404, for a stranger's workout too: which numbers exist elsewhere is not told
 */
export async function visibleWorkout(parts: GuardParts, visitor: Visitor, id: unknown): Promise<Workout> {
  const workout = await findWorkout(parts.db, rowId.parse(id));
  if (!workout || !(await maySee(parts, visitor, workout.userId))) {
    throw new Problem(404, "Not found", "There is no such workout.");
  }
  return workout;
}

async function maySee({ reader, readings }: GuardParts, visitor: Visitor, userId: string): Promise<boolean> {
  if (visitor.userId === userId) return true;
  return (await reader.valueOf(readings.profile(userId)))?.trainerId === visitor.userId;
}
