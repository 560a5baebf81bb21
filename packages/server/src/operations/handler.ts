import type { IncomingMessage, ServerResponse } from "node:http";
import { LiveError, isLiveError } from "@livecache/wire";
import type { AuditLine } from "@livecache/wire";
import type { OperatedLive } from "./operated-live.ts";
import { refuseUnknown } from "../base/check.ts";
import { problemOf } from "../http/problem.ts";
import { judgeOrigin } from "../http/same-origin.ts";
import type { JudgeOrigin } from "../http/same-origin.ts";
import { ACTS, reasonOf } from "./acts.ts";
import type { ActBody } from "./acts.ts";
import { LOOKS } from "./looks.ts";
import { admit, checkGuard } from "./operator.ts";
import type { Operator, OperatorGuard } from "./operator.ts";

export type { AuditLine } from "@livecache/wire";
export type { Operator, OperatorGuard } from "./operator.ts";
export type { OperatedLive } from "./operated-live.ts";

/** Options of {@link operations}. */
export interface OperationsOptions<Request extends IncomingMessage> {
  /** Says who asks. Required: without it everybody would be an operator. */
  readonly guard: OperatorGuard<Request>;
  /** Whether operators may see cached values. Default: no. */
  readonly values?: boolean;
  /** Told of everything that operators do. Default: the instance's logger. Must not throw. */
  readonly onAudit?: (line: AuditLine) => void;
  /** Origins besides the server's own whose pages may act. Default: none. */
  readonly origins?: readonly string[];
}

/** Answers requests below the path that it is mounted at; without `next` it answers 404 for what it does not know. */
export type OperationsHandler<Request extends IncomingMessage> = (
  req: Request,
  res: ServerResponse,
  next?: () => void,
) => void;

interface Parts {
  readonly live: OperatedLive;
  readonly note: (line: AuditLine) => void;
  readonly showsValues: boolean;
  readonly judge: JudgeOrigin;
}

/** Longest body of an act, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Makes the JSON interface that the console and the command line use: `app.use("/operations", operations(live, { guard }))`, also
 * for a plain `node:http` server. `GET <path>` looks: `nodes changes trace preview keys key tags tag channels presence
 * regions sockets user security ground audit feed doctor`. `POST <path>`
 * acts: `change disconnect sign-out end-session revoke-token`, with a JSON body that says the `reason`. See `docs/reference/operations.md`.
 *
 * Everything is refused unless `guard` names an operator. What operators do is told to `onAudit`, done or not. Answers are never cached, and
 * hold neither session ids nor tokens.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function operations<Request extends IncomingMessage = IncomingMessage>(
  live: OperatedLive,
  options: OperationsOptions<Request>,
): OperationsHandler<Request> {
  refuseUnknown("operations", options, ["guard", "values", "onAudit", "origins"]);
  checkGuard(options.guard);
  const { origins = [], values = false } = options;
  const warn = live.door.warn;
  const { onAudit = (line) => warn("an operator acted", { ...line }) } = options;
  function note(line: AuditLine): void {
    live.admin.noteAct(line);
    onAudit(line);
  }
  const parts: Parts = { live, note, showsValues: values === true, judge: judgeOrigin({ origins }) };

  async function answer(req: Request, name: string, query: URLSearchParams): Promise<unknown> {
    const refused = parts.judge(req.method ?? "GET", req.headers);
    if (refused) throw refused;
    const isAct = req.method === "POST";
    const operator = await admit(options.guard, req, isAct);
    return isAct
      ? act(parts, { operator, name, body: await readBody(req) })
      : LOOKS[name]!({ ...parts, request: req }, query);
  }

  return (req, res, next) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://host");
    const name = pathname.slice(1);
    const known = req.method === "POST" ? ACTS : req.method === "GET" ? LOOKS : {};
    if (!Object.hasOwn(known, name)) {
      if (next) return next();
      return sendProblem(
        res,
        new LiveError("LIVE_INPUT_INVALID", `operations: there is no ${req.method} ${name}.`),
        404,
      );
    }
    const { clock } = live.door;
    const askedAtMs = clock.now();
    live.door.tasks.track(
      answer(req, name, searchParams).then(
        (found) => sendJson(res, found, clock.now() - askedAtMs),
        (error: unknown) => {
          if (isLiveError(error)) return sendProblem(res, error);
          warn("an operator's request failed", { error });
          res.writeHead(500).end();
        },
      ),
    );
  };
}

async function act(
  { live, note: keep }: Parts,
  { operator, name, body }: { operator: Operator; name: string; body: ActBody },
): Promise<unknown> {
  const { target, run } = ACTS[name]!;
  const reason = reasonOf(body);
  const line = { operator: operator.name, action: name, target: target(body), reason };
  const note = (outcome: AuditLine["outcome"]): void => keep({ atMs: live.door.date(), ...line, outcome });
  try {
    const outcome = await run(live, body);
    note(outcome);
    return outcome;
  } catch (error) {
    note(isLiveError(error) ? error.code : "failed");
    throw error;
  }
}

async function readBody(req: IncomingMessage): Promise<ActBody> {
  // A body parser of the framework may have been there before.
  const parsed = (req as { body?: unknown }).body ?? parse(await readText(req));
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as ActBody;
  throw new LiveError("LIVE_INPUT_INVALID", "operations: the body must be a JSON object.");
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new LiveError(
        "LIVE_INPUT_INVALID",
        `operations: the body has more than ${MAX_BODY_BYTES} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Server-Timing` lets the console show what it costs. */
function sendJson(res: ServerResponse, answer: unknown, ms: number): void {
  const body = Buffer.from(JSON.stringify(answer));
  res.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
    "server-timing": `livecache;dur=${ms.toFixed(1)}`,
  });
  res.end(body);
}

function sendProblem(res: ServerResponse, error: LiveError, status?: number): void {
  const problem = problemOf(error, status === undefined ? {} : { status });
  res.writeHead(status ?? problem.status, problem.headers);
  res.end(problem.body);
}
