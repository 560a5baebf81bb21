import type { UserReport } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { CommandFailure, EXIT, wrongUse } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import type { OperationsClient } from "../operations-client.ts";
import { textOf } from "../read-options.ts";
import { createPrinter } from "../terminal/printer.ts";
import { harmless } from "../terminal/paint.ts";
import { counted } from "../terminal/words.ts";
import { confirm, firstLine, readReason } from "./confirm.ts";

/** What is to be ended: the question before, the act, and what is said after. */
interface Plan {
  readonly question: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly done: (answer: Readonly<Record<string, unknown>>) => string;
}

/** Ends a token, a session, or everything of a user. Resolves with 1 when whoever was asked said no. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const [kind, what = ""] = given.args;
  const reason = readReason(given);
  const client = openOperations(parts, given);
  const plan = await planOf(kind, { what, parts, given, client });
  if (!(await confirm(plan.question, parts, given))) {
    parts.err.write("Nothing was done.\n");
    return EXIT.problem;
  }
  const answer = await client.post<Record<string, unknown>>(plan.path, { ...plan.body, reason });
  const printer = createPrinter(parts, given);
  if (printer.isJson) printer.json({ kind, ...answer });
  else printer.line(`${printer.green("✓")} ${plan.done(answer)}`);
  return EXIT.fine;
}

interface Asked {
  readonly what: string;
  readonly parts: CliParts;
  readonly given: Given;
  readonly client: OperationsClient;
}

function planOf(kind: string | undefined, asked: Asked): Promise<Plan> | Plan {
  if (kind === "token") return planToken(asked);
  if (kind === "user") return planUser(asked);
  if (kind === "session") return planSession(asked);
  throw wrongUse(`livecache revoke: expected token, user or session, received ${JSON.stringify(kind)}.`);
}

async function planToken({ what, parts, given }: Asked): Promise<Plan> {
  const expires = textOf(given.options["expires"]);
  const expiresAt = new Date(expires ?? "");
  if (Number.isNaN(expiresAt.getTime())) {
    throw wrongUse(
      `--expires: expected when the token expires by itself, such as 2030-01-31T12:00:00Z, received ${JSON.stringify(expires)}. It is remembered until then.`,
    );
  }
  const token = what === "-" ? (await firstLine(parts.input, parts.signal)).trim() : what;
  if (token === "") throw wrongUse("livecache revoke token: the token is empty.");
  return {
    question: "Revoke the token on every node?",
    path: "revoke-token",
    body: { token, expiresAt: expiresAt.toISOString() },
    done: () => "the token is refused on every node from now on",
  };
}

async function planUser({ what, client }: Asked): Promise<Plan> {
  const user = await client.get<UserReport>("user", { id: what });
  const who = harmless(what);
  return {
    question: `Sign ${who} out of ${counted(user.sessions.length, "session")} and revoke all tokens issued up to now? ${counted(user.sockets.length, "socket")} connected.`,
    path: "sign-out",
    body: { userId: what },
    done: ({ sessions }) =>
      `${who} is signed out: ${counted(Number(sessions), "session")} ended, earlier tokens are refused`,
  };
}

async function planSession({ what, given, client }: Asked): Promise<Plan> {
  const userId = textOf(given.options["of"]);
  if (userId === undefined)
    throw wrongUse("--of: say whose session it is; `livecache sessions <userId>` lists them.");
  const user = await client.get<UserReport>("user", { id: userId });
  if (!user.sessions.some(({ id }) => id === what)) {
    throw new CommandFailure(
      EXIT.problem,
      "unknown-session",
      `${harmless(userId)} has no session ${harmless(what)}; \`livecache sessions ${harmless(userId)}\` lists them.`,
    );
  }
  return {
    question: `End the session ${harmless(what)} of ${harmless(userId)}?`,
    path: "end-session",
    body: { userId, session: what },
    done: ({ ended }) => (ended === true ? "the session has ended" : "the session had ended already"),
  };
}
