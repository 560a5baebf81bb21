import type { Contract } from "@livecache/wire";
import { expect } from "vitest";
import type { LiveClient } from "../src/client.ts";
import type { QuerySnapshot } from "../src/query-snapshot.ts";
import type { LiveQuery } from "../src/query-store.ts";
import { clientOf, openServer, soon } from "./rig.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** A path on show: subscribed to, with a record of every snapshot. */
export interface Shown {
  readonly query: LiveQuery<any>;
  readonly snapshots: readonly QuerySnapshot<any>[];
  readonly leave: () => void;
}

/** Subscribes to a path. */
export function show(client: LiveClient<Contract>, path = "/issues"): Shown {
  const query: LiveQuery<any> = client.query(path);
  const snapshots: QuerySnapshot<any>[] = [];
  const leave = query.subscribe(() => snapshots.push(query.getSnapshot()));
  return { query, snapshots, leave };
}

/** Makes `/issues` count up: body and token name the number of the request. */
export function counting(server: ScriptedServer): void {
  let count = 0;
  server.routes.set("/issues", () => ({ body: ++count, headers: { "live-query": `t${count}` } }));
}

/** A client that shows `/issues`, counting, and has been told that it is fresh. */
export async function showFresh(): Promise<
  Shown & { readonly server: ScriptedServer; readonly client: LiveClient<Contract> }
> {
  const server = await openServer();
  counting(server);
  const client = clientOf(server);
  const shown = show(client);
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }]));
  await soon(() => expect(shown.query.getSnapshot().data).toBe(1));
  return { server, client, ...shown };
}
