import { LiveError } from "@livecache/wire";
import type { Limit } from "./define-limit.ts";
import { isLimit } from "./define-limit.ts";

/** Which limit, and of whom. */
export interface LimitCall {
  readonly policy: Limit;
  /** Whose takings are counted together, 1 to 1,000 characters: the id of a user, an address, a route. */
  readonly subject: string;
}

/** What is taken. */
export interface TakeCall extends LimitCall {
  /** A whole number from 1 to what may be taken at once. Default 1. */
  readonly cost?: number;
}

/** What is added to what was taken, or given back. */
export interface ChargeCall extends LimitCall {
  /** 1 to 1,000,000. Default 1. */
  readonly points?: number;
}

const LONGEST_SUBJECT = 1_000;
const MOST_POINTS = 1_000_000;

/** Throws `LIVE_OPTIONS_INVALID` for what is no limit, and `LIVE_INPUT_INVALID` for what is no subject. */
export function checkCall(what: string, { policy, subject }: LimitCall): void {
  if (!isLimit(policy)) {
    throw new LiveError("LIVE_OPTIONS_INVALID", `${what}: policy: expected what defineLimit answers.`);
  }
  if (typeof subject !== "string" || subject === "" || subject.length > LONGEST_SUBJECT) {
    const received = typeof subject === "string" ? `${subject.length} characters` : typeof subject;
    throw invalid(`${what}: subject`, `a text of 1 to ${LONGEST_SUBJECT} characters`, received);
  }
}

/** Reads a cost. Throws `LIVE_INPUT_INVALID` for one that could never be taken. */
export function readCost(what: string, cost: number | undefined, { name, burst }: Limit): number {
  const tooMuch = ` It is more than "${name}" ever allows at once.`;
  return readCount(`${what}: cost`, cost, { most: burst, tooMuch });
}

/** Reads points. Throws `LIVE_INPUT_INVALID`. */
export function readPoints(what: string, points: number | undefined): number {
  return readCount(`${what}: points`, points, { most: MOST_POINTS, tooMuch: "" });
}

function readCount(
  name: string,
  value: number | undefined,
  { most, tooMuch }: { readonly most: number; readonly tooMuch: string },
): number {
  if (value === undefined) return 1;
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const hint = typeof value === "number" && value > most ? tooMuch : "";
  throw invalid(name, `a whole number from 1 to ${most}`, `${String(value)}.${hint}`);
}

function invalid(name: string, expected: string, received: string): LiveError {
  const end = received.endsWith(".") ? "" : ".";
  return new LiveError("LIVE_INPUT_INVALID", `${name}: expected ${expected}, received ${received}${end}`);
}
