import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT, wrongUse } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { createPrinter } from "../terminal/printer.ts";
import { harmless } from "../terminal/paint.ts";
import { counted } from "../terminal/words.ts";
import { confirm, readReason } from "./confirm.ts";

/** Ends sockets. Resolves with 1 when there were none, or whoever was asked said no. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const [kind, id = ""] = given.args;
  if (kind !== "user" && kind !== "socket") {
    throw wrongUse(`livecache disconnect: expected user or socket, received ${JSON.stringify(kind)}.`);
  }
  const reason = readReason(given);
  const client = openOperations(parts, given);
  if (!(await confirm(`Disconnect the ${kind} ${harmless(id)}?`, parts, given))) {
    parts.err.write("Nothing was done.\n");
    return EXIT.problem;
  }
  const target = kind === "user" ? { userId: id } : { socketId: id };
  const { disconnected } = await client.post<{ disconnected: number }>("disconnect", { ...target, reason });
  const printer = createPrinter(parts, given);
  if (printer.isJson) printer.json({ kind, disconnected });
  else if (disconnected > 0) printer.line(`${printer.green("✓")} ended ${counted(disconnected, "socket")}`);
  else printer.line(`${printer.yellow("!")} there was no such socket`);
  return disconnected > 0 ? EXIT.fine : EXIT.problem;
}
