import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { openSite } from "./site.ts";

/** A balancer that takes the servers in turn, and knows nothing of WebSocket. */
async function openBalancer(...urls: readonly string[]): Promise<string> {
  let turn = 0;
  const server = createServer((req, res) => {
    const target = new URL(req.url!, urls[turn++ % urls.length]);
    const { upgrade: _upgrade, connection: _connection, ...headers } = req.headers;
    const forwarded = {
      ...headers,
      "x-forwarded-for": [req.headers["x-forwarded-for"], "203.0.113.9"].filter(Boolean).join(", "),
    };
    const passed = request(target, { method: req.method!, headers: forwarded, agent: false }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    });
    passed.on("error", () => res.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("behind a balancer, nodes that are apart, lost upgrades, polling that is not sticky and a proxy that is not believed are found", async () => {
  const transports = ["websocket", "polling"] as ("websocket" | "polling")[];
  const [one, other] = [await openSite({ transports }), await openSite({ transports })];
  const balancer = await openBalancer(one.url, other.url);
  const ran = await one.cli(["doctor", "--url", `${balancer}/ops`, "--json"]);
  const { findings } = ran.json<{ findings: Finding[] }>();
  const bad = findings
    .filter(({ level }) => level !== "ok" && level !== "skipped")
    .map(({ level, code }) => `${level} ${code}`);
  expect(bad).toEqual([
    "problem nodes-apart",
    "problem socket-upgrade",
    "problem socket-polling",
    "warning proxy-distrusted",
  ]);
  expect(ran.code).toBe(1);
});
