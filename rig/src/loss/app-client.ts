import { createLiveClient } from "@livecache/client";
import type { CrowdClient, CrowdClientParts } from "./stock-client.ts";
import type { Item } from "./traffic.ts";

/** A `@livecache/client`, of which is written down what it hands to the application. */
export function createAppClient({ url, recorders }: CrowdClientParts): CrowdClient {
  const client = createLiveClient({ url, timing: { retryMinMs: 100, retryMaxMs: 2_000 } });
  for (const [channel, recorder] of recorders) {
    let wasIn = false;
    let isToldToReload = false;
    client.listen(channel, {
      event: (_name, body, meta) => recorder.event(body as Item, meta),
      resync(reason) {
        recorder.resync(reason);
        // A channel that could not be resumed says so in the turn in which it is joined.
        isToldToReload = true;
        queueMicrotask(() => (isToldToReload = false));
      },
      joined() {
        recorder.joined(undefined, wasIn ? !isToldToReload : undefined);
        wasIn = true;
      },
    });
  }
  client.connection.subscribe(() => {
    if (client.connection.getSnapshot().status === "online") return;
    for (const recorder of recorders.values()) recorder.offline();
  });
  return { close: () => client.close() };
}
