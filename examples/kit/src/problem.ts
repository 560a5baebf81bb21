import type { ErrorRequestHandler, RequestHandler } from "express";
import { ZodError } from "zod";

/** A refusal that is told to the client as it is. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** What a client reads when something went wrong: RFC 9457, with the fields that were filled in wrongly. */
export interface ProblemAnswer {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What is wrong with which field of the request. */
  readonly fields?: Readonly<Record<string, string>>;
}

export const notFound: RequestHandler = (request) => {
  throw new Problem(404, "Not found", `There is nothing at ${request.method} ${request.originalUrl}.`);
};

/** Answers every other error of a route as `application/problem+json`. What is nobody's fault but ours is logged, not told. */
export const answerProblem: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const problem = toProblem(error);
  if (problem.status >= 500) console.error(error);
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
};

function toProblem(error: unknown): ProblemAnswer {
  const type = "about:blank";
  if (error instanceof Problem) {
    return { type, title: error.title, status: error.status, detail: error.message };
  }
  if (error instanceof ZodError) {
    const fields = Object.fromEntries(error.issues.map((issue) => [issue.path.join("."), issue.message]));
    const detail = Object.entries(fields)
      .map(([field, message]) => (field ? `${field}: ${message}` : message))
      .join("; ");
    return { type, title: "Some fields are not right", status: 400, detail, fields };
  }
  if (isClientError(error)) {
    return { type, title: "The request was not understood", status: error.status, detail: error.message };
  }
  return {
    type,
    title: "Something went wrong",
    status: 500,
    detail: "The server has noted it. Please try again.",
  };
}

/** Express and its body parser mark what the client did wrong with a status and leave to show the message. */
function isClientError(error: unknown): error is { status: number; message: string } {
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return typeof status === "number" && status >= 400 && status < 500 && expose === true;
}
