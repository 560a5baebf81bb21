import { openGate, startRedis } from "@livecache/rig";
import { LiveError } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createTasks } from "../../src/base/tasks.ts";
import type { Endpoint } from "../../src/redis/endpoint.ts";
import { openLink } from "../../src/redis/link.ts";

function endpointOf(port: number): Endpoint {
  return { host: "127.0.0.1", port, access: {} } as Endpoint;
}

test("a connection that was being made when it was dropped is not used: its server may not be the primary any more", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const gate = await openGate(redis.port);
  onTestFinished(() => gate.close());
  gate.delay(100);
  const closing = new AbortController();
  const tasks = createTasks(() => undefined);
  const ports = [gate.port, redis.port];
  let isGreeted = false;
  const link = openLink({
    ...{ name: "commands", clock: systemClock, tasks, signal: closing.signal },
    ...{ commandTimeoutMs: 1_000, connectTimeoutMs: 20_000, maxInFlight: 100 },
    locate: () => endpointOf(ports.shift() ?? redis.port),
    async onConnect({ endpoint }) {
      if (endpoint.port !== gate.port || isGreeted) return;
      isGreeted = true;
      link.drop(new LiveError("LIVE_GROUND_AWAY", "another one has taken over"));
    },
    beat: (send) => send(["PING"]),
    onUp: () => undefined,
    onDown: () => undefined,
  });
  onTestFinished(async () => {
    closing.abort();
    await tasks.settled();
  });
  await link.ready();
  expect(isGreeted).toBe(true);
  expect(link.wire().endpoint.port).toBe(redis.port);
});
