import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createBalancer, visitorOf } from "../src/cluster/balancer.ts";
import type { Upstream } from "../src/cluster/balancer.ts";
import { serveTarget } from "../src/front/target.ts";

function listen(http: Server): Promise<number> {
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return new Promise((resolve) => {
    http.listen(0, "127.0.0.1", () => resolve((http.address() as AddressInfo).port));
  });
}

/** A node that says its name and what it was sent. */
async function startNode(node: string): Promise<Upstream & { readonly http: Server }> {
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => response.end(`${node} ${request.method} ${request.url} ${body}`));
  });
  return { node, port: await listen(http), http };
}

async function startFront(upstreams: () => readonly Upstream[]): Promise<string> {
  const target = createBalancer({ upstreams, visitorOf: visitorOf("hostel") });
  return `http://127.0.0.1:${await listen(serveTarget(createServer(), target))}`;
}

const text = async (url: string, init?: RequestInit): Promise<string> => (await fetch(url, init)).text();

test("those who come without a session go to the nodes in turn; whoever has one stays", async () => {
  const nodes = await Promise.all(["a", "b", "c"].map(startNode));
  const url = await startFront(() => nodes);
  const turns = [await text(`${url}/1`), await text(`${url}/2`), await text(`${url}/3`)];
  expect(turns.map((one) => one[0]).toSorted()).toEqual(["a", "b", "c"]);

  const asha = { headers: { cookie: "other=1; hostel_session=asha" } };
  const grace = { headers: { cookie: "hostel_session=grace" } };
  const stays = [];
  for (let turn = 0; turn < 3; turn += 1) {
    stays.push([(await text(url, asha))[0], (await text(url, grace))[0]]);
  }
  expect(new Set(stays.map(([first]) => first)).size).toBe(1);
  expect(new Set(stays.map(([, second]) => second)).size).toBe(1);
  expect(stays[0]![0]).not.toBe(stays[0]![1]);
});

test("a node that does not answer is passed over, also with a body", async () => {
  const [gone, there] = await Promise.all([startNode("gone"), startNode("there")]);
  await new Promise((resolve) => gone.http.close(resolve));
  const url = await startFront(() => [gone, there]);
  const answers = [];
  for (let turn = 0; turn < 4; turn += 1) {
    answers.push(await text(`${url}/x`, { method: "POST", body: `body ${turn}` }));
  }
  expect(answers).toEqual([0, 1, 2, 3].map((turn) => `there POST /x body ${turn}`));
});

test("a write that was lost on the way is not sent twice; a read is", async () => {
  const there = await startNode("there");
  const breaking = createServer((request) => request.socket.destroy());
  const port = await listen(breaking);
  const url = await startFront(() => [{ node: "breaking", port }, there]);
  const inTurn = async (init: RequestInit): Promise<number[]> => {
    const first = await fetch(url, init);
    const second = await fetch(url, init);
    return [first.status, second.status].toSorted();
  };
  expect(await inTurn({ method: "POST", body: "pay" })).toEqual([200, 502]);
  expect(await inTurn({ method: "GET" })).toEqual([200, 200]);
});

test("without any node the answer is 503, and says when to ask again", async () => {
  const url = await startFront(() => []);
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
});
