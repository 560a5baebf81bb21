import type { IncomingMessage, ServerResponse } from "node:http";
import { operations } from "livecache/operations";
import type { OperatedLive, OperationsHandler, Operator } from "livecache/operations";
import { readOptions } from "./options.ts";
import type { ConsoleLink, ConsoleOptions } from "./options.ts";
import { openPages } from "./pages.ts";
import { refusalPage } from "./refusal-page.ts";

export type { ConsoleLink, ConsoleOptions } from "./options.ts";

/** Answers everything below the path that it is mounted at. */
export type ConsoleHandler<Request extends IncomingMessage> = OperationsHandler<Request>;

/**
 * Makes the operations console: `app.use("/livecache", createConsole(live, { guard }))`. Its pages are served only to whom `guard` names;
 * everybody else finds a page that says so, with status 401. Whoever has the role `read` sees no actions, and can do none.
 *
 * The pages come from this package, whole: they load nothing from elsewhere, and their content policy allows nothing else. They ask the
 * JSON interface of `livecache/operations` below `api/`, whose options these are.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`, also without a guard: then everybody would be an operator
 */
export function createConsole<Request extends IncomingMessage = IncomingMessage>(
  live: OperatedLive,
  options: ConsoleOptions<Request>,
): ConsoleHandler<Request> {
  const { title, others, signIn, path, forOperations } = readOptions(options);
  const api = operations<Request>(live, forOperations);
  const pages = openPages(title);
  const { guard, values = false } = forOperations;
  const { warn } = live.door;

  async function answer(req: Request, res: ServerResponse, place: Place): Promise<void> {
    const operator = await guard(req);
    if (!isOperator(operator)) return refusalPage(res, { title, signIn });
    if (place.path === "/api/about") return sendAbout(res, { title, others, values, operator });
    // Relative addresses of the pages need the slash.
    if (place.path === "") return redirect(res, place);
    pages.send(req, res, place.path);
  }

  return (req, res, next) => {
    const place = placeOf(req, path);
    if (!place) return next ? next() : notFound(res);
    if (place.path.startsWith("/api/") && place.path !== "/api/about") {
      req.url = `${place.path.slice("/api".length)}${place.query}`;
      return api(req, res);
    }
    if (req.method !== "GET" && req.method !== "HEAD") return notFound(res);
    answer(req, res, place).catch((error: unknown) => {
      warn("a page of the console could not be answered", { error });
      if (!res.headersSent) res.writeHead(500);
      res.end();
    });
  };
}

/** Where a request goes, below the console. `""`: to the console itself, without a slash behind it. */
interface Place {
  readonly path: string;
  readonly query: string;
  /** The whole path, as the browser knows it. */
  readonly whole: string;
}

function placeOf(req: IncomingMessage & { readonly originalUrl?: string }, mount: string): Place | undefined {
  const [path = "/", query] = (req.url ?? "/").split("?", 2);
  const whole = (req.originalUrl ?? req.url ?? "/").split("?", 1)[0]!;
  const rest = { query: query === undefined ? "" : `?${query}`, whole };
  // Express has taken the mount path away already, and puts a slash where nothing is left.
  const isBare = path === "/" && !whole.endsWith("/");
  if (mount === "") return { path: isBare ? "" : path, ...rest };
  if (path === mount) return { path: "", ...rest };
  return path.startsWith(`${mount}/`) ? { path: path.slice(mount.length), ...rest } : undefined;
}

function isOperator(operator: Operator | null | undefined): operator is Operator {
  return typeof operator?.name === "string" && operator.name !== "";
}

function redirect(res: ServerResponse, { whole, query }: Place): void {
  const last = whole.slice(whole.lastIndexOf("/") + 1);
  res.writeHead(302, { location: `${last}/${query}`, "cache-control": "no-store" }).end();
}

function sendAbout(
  res: ServerResponse,
  about: {
    readonly title: string;
    readonly others: readonly ConsoleLink[];
    readonly values: boolean;
    readonly operator: Operator;
  },
): void {
  const { operator, ...rest } = about;
  const { name, role } = operator;
  const body = JSON.stringify({ ...rest, operator: { name, role } });
  res.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(body);
}

function notFound(res: ServerResponse): void {
  res.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is nothing here.");
}
