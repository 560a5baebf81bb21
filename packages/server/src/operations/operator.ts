import { LiveError } from "@livecache/wire";
import { invalidOption } from "../base/check.ts";

/** Somebody who operates the application. */
export interface Operator {
  /** Stands in the audit lines. */
  readonly name: string;
  /** `"read"` looks on; `"act"` may also change tags, disconnect, revoke and sign out. */
  readonly role: "read" | "act";
}

/** Says who asks, by the application's own means; `undefined` for nobody who may. */
export type OperatorGuard<Request> = (
  request: Request,
) => Operator | null | undefined | Promise<Operator | null | undefined>;

/** @throws LiveError `LIVE_OPTIONS_INVALID`: without a guard everybody would be an operator */
export function checkGuard(guard: unknown): void {
  if (typeof guard === "function") return;
  const expected =
    'a function that says who operates, such as (req) => (isAdmin(req) ? { name, role: "act" } : undefined)';
  throw invalidOption("operations: guard", expected, guard);
}

/**
 * Asks the guard.
 *
 * @throws LiveError `LIVE_IDENTITY_REQUIRED` for nobody, `LIVE_ACCESS_REFUSED` for somebody who may only look on
 */
export async function admit<Request>(
  guard: OperatorGuard<Request>,
  request: Request,
  mayAct: boolean,
): Promise<Operator> {
  const operator = await guard(request);
  if (!operator || typeof operator.name !== "string" || operator.name === "") {
    throw new LiveError(
      "LIVE_IDENTITY_REQUIRED",
      "operations: the guard knows of no operator who asks this.",
    );
  }
  if (mayAct && operator.role !== "act") {
    throw new LiveError("LIVE_ACCESS_REFUSED", `operations: ${operator.name} may look on, and not act.`);
  }
  return operator;
}
