import { LiveError } from "@livecache/wire";
import type { RunSql } from "./database.ts";

type Run = (...args: readonly unknown[]) => unknown;

/** A statement whose parameters are texts: as it is sent with them, and as it is sent where none can be given. */
export interface TextStatement {
  readonly sql: string;
  readonly params: readonly string[];
}

/**
 * Runs a statement through a transaction of the application: a client of `pg`, a transaction of PGlite, one of Drizzle
 * (`tx.execute`), or a function `(sql, params) => Promise` for everything else. Rejects with what that rejects with.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for something else, and for a pool or a whole database, on which every statement is a
 * transaction of its own
 */
export async function runIn(transaction: unknown, { sql, params }: TextStatement): Promise<void> {
  if (typeof transaction === "function") {
    await (transaction as RunSql)(sql, params);
    return;
  }
  const { query, execute } = methodsOf(transaction);
  if (query) await query.call(transaction, sql, [...params]);
  else if (execute) await execute.call(transaction, withoutParams({ sql, params }));
  else throw refused("it is none of those");
}

function methodsOf(transaction: unknown): { query: Run | undefined; execute: Run | undefined } {
  if (typeof transaction !== "object" || transaction === null)
    throw refused(`it is ${describe(transaction)}`);
  const found = transaction as Readonly<Record<string, unknown>>;
  const has = (name: string): boolean => typeof found[name] === "function";
  if ("idleCount" in found && has("connect")) {
    throw refused("it is a pool, which runs each statement in a transaction of its own");
  }
  if (has("transaction") && !has("rollback")) {
    throw refused("it is a database, which runs each statement in a transaction of its own");
  }
  // In a transaction of Drizzle, `query` is an object.
  return {
    query: has("query") ? (found["query"] as Run) : undefined,
    execute: has("execute") ? (found["execute"] as Run) : undefined,
  };
}

/** Puts parameters into the text, in hexadecimal: nothing in them can mean anything to SQL. */
function withoutParams({ sql, params }: TextStatement): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => {
    const hex = Buffer.from(params[Number(number) - 1]!, "utf8").toString("hex");
    return `convert_from(decode('${hex}', 'hex'), 'UTF8')`;
  });
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

function refused(why: string): LiveError {
  return new LiveError(
    "LIVE_INPUT_INVALID",
    `changeIn: expected the transaction in which the data is written: a client of pg after BEGIN, a transaction of PGlite or Drizzle, ` +
      `or a function (sql, params) => Promise that runs one statement in it; ${why}.`,
  );
}
