import type { UserReport } from "@livecache/wire";
import type { CliParts, Given } from "../cli-parts.ts";
import { EXIT } from "../failure.ts";
import { openOperations } from "../operations-client.ts";
import { createPrinter } from "../terminal/printer.ts";
import type { Printer } from "../terminal/printer.ts";
import { counted, instant } from "../terminal/words.ts";

/** Shows the sessions and the sockets of somebody. */
export async function run(parts: CliParts, given: Given): Promise<number> {
  const report = await openOperations(parts, given).get<UserReport>("user", { id: given.args[0] });
  const printer = createPrinter(parts, given);
  if (printer.isJson) printer.json(report);
  else show(report, printer);
  return EXIT.fine;
}

function show({ userId, isOnline, sessions, sockets, missing }: UserReport, printer: Printer): void {
  const { bold, green, dim, safe, yellow } = printer;
  const presence = isOnline ? green("online") : dim("offline");
  printer.line(
    `${bold(safe(userId))} is ${presence}: ${counted(sessions.length, "session")}, ${counted(sockets.length, "socket")}.`,
  );
  if (sessions.length > 0) {
    printer.title("Sessions");
    printer.table(
      [{ title: "digest" }, { title: "begun (UTC)" }, { title: "last used" }, { title: "expires" }],
      sessions.map(({ id, createdAtMs, seenAtMs, expiresAtMs }) => [
        id,
        instant(createdAtMs),
        instant(seenAtMs),
        instant(expiresAtMs),
      ]),
    );
    printer.line(dim(`livecache revoke session <digest> --of ${safe(userId)} ends one of them`));
  }
  if (sockets.length > 0) {
    printer.title("Sockets");
    printer.table(
      [
        { title: "socket" },
        { title: "node", shrinks: true },
        { title: "address" },
        { title: "channels", align: "right" },
        { title: "watches", align: "right" },
        { title: "program", shrinks: true },
      ],
      sockets.map(({ socketId, node, address, channels, watches, userAgent }) => [
        ...[socketId, node, address ?? "–", channels.length, watches, userAgent ?? "–"],
      ]),
    );
  }
  for (const node of missing) printer.line(`${yellow("!")} ${safe(node)} did not answer in time`);
}
