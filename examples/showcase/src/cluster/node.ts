import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readExhibits } from "../exhibits.ts";
import { closeApplications, openApplications } from "../open-applications.ts";
import type { OpenedApplication } from "../open-applications.ts";
import { readSettings, settingsFor } from "../settings.ts";
import { watchGround } from "../stage/watch-ground.ts";
import { serveParent, tellParent } from "./child.ts";

/** Where an application answers on a node, or why it does not; on the loopback address. */
export interface NodeApplication {
  readonly name: string;
  readonly port?: number;
  readonly consolePort?: number;
  readonly failure?: string;
}

/** What a node says. */
export type NodeTold =
  | { readonly kind: "ready"; readonly applications: readonly NodeApplication[] }
  | { readonly kind: "ground"; readonly application: string; readonly isHere: boolean; readonly at: number };

/** One node of the cluster: a node of each application, told where its database is by `DATABASES`. */
async function main(): Promise<void> {
  let opened: readonly OpenedApplication[] = [];
  serveParent(() => closeApplications(opened));
  const databases = JSON.parse(process.env["DATABASES"] ?? "{}") as Readonly<Record<string, string>>;
  const settings = readSettings(process.env);
  opened = await openApplications(readExhibits(process.env), async (name) => {
    const databaseUrl = databases[name];
    return databaseUrl ? { ...settings, databaseUrl } : settingsFor(settings, name);
  });
  const applications: NodeApplication[] = [];
  for (const one of opened) {
    const { name } = one.exhibit;
    if (!one.node) {
      applications.push({ name, failure: one.failure });
      continue;
    }
    const [port, consolePort] = await Promise.all([listenInside(one.node.http), listenInside(one.console)]);
    applications.push({ name, port, consolePort });
    watchGround(one.node.live, (isHere) => {
      tellParent({ kind: "ground", application: name, isHere, at: Date.now() } satisfies NodeTold);
    });
  }
  tellParent({ kind: "ready", applications } satisfies NodeTold);
}

/** The front alone comes here. */
function listenInside(http: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", () => resolve((http.address() as AddressInfo).port));
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
