import { LiveError } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import { clientAddress, networkOf } from "../base/client-address.ts";
import type { RequestSource } from "../base/client-address.ts";
import type { Identity } from "../base/identity.ts";
import { digestOf, plainText } from "../limits/hashed-subject.ts";
import type { TakeCall } from "../limits/limit-call.ts";
import { limitFields } from "./limit-fields.ts";
import type { LimitAnswer } from "./limit-fields.ts";
import type { LimitBy, LimitedRoute, ResolvedUse } from "./limited-options.ts";
import { problemOf } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** A request, as a framework's door shows it. */
export interface LimitedRequest<Request> {
  readonly request: Request;
  readonly source: RequestSource;
  /** Method and pattern of the route. */
  readonly route: string;
  /** Rejects with `LIVE_IDENTITY_FAILED`. */
  identity(): Promise<Identity | undefined>;
}

/** What became of a request. */
export interface LimitDecision {
  /** To be put on the response, whatever becomes of it. */
  readonly fields: readonly (readonly [string, string])[];
  /** The response, when the request is refused. */
  readonly refusal: Problem | undefined;
  /** To be called with the status once the request is answered; absent when every request counts. */
  readonly settle: ((status: number) => void) | undefined;
}

const PASSED: LimitDecision = { fields: [], refusal: undefined, settle: undefined };

/** What is counted together when nothing is known of where requests come from. */
const NOWHERE = "unknown";

type Parts = Pick<LiveDoor, "limits" | "tasks">;

/**
 * Takes from all limits of a route at once. When one refuses, the others get back what they gave.
 *
 * Rejects with what `identify` and the functions of the options reject with, with `LIVE_INPUT_INVALID` for a subject or cost that is none,
 * and with `LIVE_CLOSED`; nothing stays taken then.
 */
export async function limitRequest<Request>(
  door: Parts,
  route: LimitedRoute<Request>,
  asked: LimitedRequest<Request>,
): Promise<LimitDecision> {
  if ((await route.skip?.(asked.request)) === true) return PASSED;
  const found = await Promise.all(route.uses.map((use) => callOf(use, route, asked)));
  const calls = found.filter((call) => call !== undefined);
  if (calls.length === 0) return PASSED;
  const answers = await takeAll(door, calls);
  const refused = answers.filter(({ reply }) => !reply.allowed);
  const taken = calls.filter((_, index) => answers[index]!.reply.allowed);
  if (refused.length > 0) giveBack(door, taken);
  return {
    fields: route.hasHeaders ? limitFields(answers) : [],
    refusal: refused.length > 0 ? refusalOf(refused) : undefined,
    settle: refused.length > 0 || route.count === "all" ? undefined : settleLater(door, route.count, taken),
  };
}

async function takeAll(door: Parts, calls: readonly TakeCall[]): Promise<readonly LimitAnswer[]> {
  const outcomes = await Promise.allSettled(calls.map((call) => door.limits.take(call)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  const taken = outcomes.flatMap((outcome, index) =>
    outcome.status === "fulfilled" ? { policy: calls[index]!.policy, reply: outcome.value } : [],
  );
  if (!failed) return taken;
  const given = calls.filter((_, index) => {
    const outcome = outcomes[index]!;
    return outcome.status === "fulfilled" && outcome.value.allowed;
  });
  giveBack(door, given);
  throw failed.reason;
}

function giveBack({ limits, tasks }: Parts, calls: readonly TakeCall[]): void {
  for (const { policy, subject, cost = 1 } of calls) {
    tasks.track(limits.reward({ policy, subject, points: cost }));
  }
}

function settleLater(door: Parts, count: "failed" | "successful", taken: readonly TakeCall[]) {
  return (status: number): void => {
    if (status >= 400 !== (count === "failed")) giveBack(door, taken);
  };
}

async function callOf<Request>(
  use: ResolvedUse<Request>,
  route: LimitedRoute<Request>,
  asked: LimitedRequest<Request>,
): Promise<TakeCall | undefined> {
  const parts: string[] = [];
  for (const by of use.by) {
    const part = typeof by === "function" ? await ownPart(by, use, asked) : await partOf(by, route, asked);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  // Lengths, so that no part can look like the end of one and the beginning of another.
  const [first = ""] = parts;
  const joined = parts.length === 1 ? first : parts.map((part) => `${part.length}:${part}`).join(" ");
  const subject = use.hashed ? digestOf(joined) : joined;
  return { policy: use.policy, subject, cost: use.cost(asked.request) };
}

/** Each kind of subject begins in its own way: no user can be named like an address. */
async function partOf<Request>(
  by: Exclude<LimitBy<Request>, (request: Request) => unknown>,
  route: LimitedRoute<Request>,
  asked: LimitedRequest<Request>,
): Promise<string> {
  if (by === "route") return `route ${asked.route}`;
  const identity = by === "user" ? await asked.identity() : undefined;
  if (identity) return `user ${identity.userId}`;
  const address = clientAddress(asked.source, route.trusted);
  return `address ${address === undefined ? NOWHERE : networkOf(address, route.ipv6Bits)}`;
}

async function ownPart<Request>(
  by: Extract<LimitBy<Request>, (request: Request) => unknown>,
  { policy, hashed }: ResolvedUse<Request>,
  { request }: LimitedRequest<Request>,
): Promise<string | undefined> {
  const said: unknown = await by(request);
  if (said === undefined || said === null) return undefined;
  if (typeof said !== "string") {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `limit "${policy.name}": expected a text to count by, received ${typeof said}.`,
    );
  }
  return `own ${hashed ? plainText(said) : said}`;
}

/** The type of problem is the draft's. */
const QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

function refusalOf(refused: readonly LimitAnswer[]): Problem {
  const retryAfterMs = Math.max(...refused.map(({ reply }) => reply.retryAfterMs));
  const names = refused.map(({ policy }) => policy.name);
  const error = new LiveError(
    "LIVE_LIMIT_REACHED",
    `Too many requests. Try again in ${Math.max(1, Math.ceil(retryAfterMs / 1_000))} s.`,
    { details: { retryAfterMs } },
  );
  return problemOf(error, { type: QUOTA_EXCEEDED, "violated-policies": names });
}
