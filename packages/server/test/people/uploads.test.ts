import { createHash, randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import busboy from "busboy";
import type { UploadProgress } from "@livecache/wire";
import express from "express";
import type { Request } from "express";
import { expect, onTestFinished, test, vi } from "vitest";
import { uploadProgress } from "../../src/express/express.ts";
import { gate, openMemory, startNode } from "./people-site.ts";
import type { PeopleNode, Visitor } from "./people-site.ts";

const MIB = 1024 * 1024;

async function listen(handler: RequestListener): Promise<number> {
  const http = createServer(handler);
  http.listen(0, "127.0.0.1");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  await vi.waitUntil(() => http.listening, 5_000);
  return (http.address() as AddressInfo).port;
}

/** Reads a multipart body with busboy, and answers the digest of its one file. */
function readFile(req: IncomingMessage, onDigest: (digest: string) => void): void {
  const parser = busboy({ headers: req.headers });
  parser.on("file", (_name, file) => {
    const hash = createHash("sha256");
    file.on("data", (chunk: Buffer) => hash.update(chunk));
    file.on("end", () => onDigest(hash.digest("hex")));
  });
  req.pipe(parser);
}

/** Two nodes, and a member of room 7 at the one that takes no uploads. */
async function start() {
  const open = await openMemory();
  const [node, other] = [await startNode(open), await startNode(open)];
  const member = await other.connect("ben");
  await member.join("room/7");
  return { node, member };
}

function expressApp({ live }: PeopleNode) {
  const app = express();
  const progress = uploadProgress(live, {
    channel: (req: Request) => ({ pattern: "room/:id", params: { id: req.params["id"] as string } }),
  });
  app.post("/rooms/:id/files", progress, (req, res) => readFile(req, (digest) => res.json({ digest })));
  return app;
}

/** A multipart body with one file, in pieces, and its length. */
function multipart(file: Buffer) {
  const boundary = "boundary-of-the-test";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

function progressOf(member: Visitor): UploadProgress[] {
  return member.bodies("upload");
}

/** The last thing that was told of an upload. */
async function lastOf(member: Visitor): Promise<UploadProgress> {
  const isOver = ({ done, failed }: UploadProgress): boolean => done === true || failed === true;
  return vi.waitUntil(() => progressOf(member).find(isOver), 5_000);
}

/** Begins a request whose body the test writes piece by piece. */
function openRequest(port: number, headers: Record<string, string | number>) {
  const sending = request({ port, host: "127.0.0.1", method: "POST", path: "/rooms/7/files", headers });
  const answered = new Promise<ServerResponse["statusCode"]>((resolve) => {
    sending.on("response", (response) => response.resume().on("end", () => resolve(response.statusCode!)));
    sending.on("error", () => resolve(0));
  });
  return { sending, answered };
}

test("members on another node see a multipart upload grow, and busboy gets the file whole", async () => {
  const { node, member } = await start();
  const port = await listen(expressApp(node));
  const file = randomBytes(3 * MIB);
  const { body, type } = multipart(file);
  const headers = { "content-type": type, "content-length": body.length, "upload-id": "holiday-1" };
  const { sending, answered } = openRequest(port, headers);
  const seen = (): number => progressOf(member).at(-1)?.loaded ?? -1;
  for (const end of [1, 2, 3].map((part) => part * MIB)) {
    sending.write(body.subarray(end - MIB, end));
    await vi.waitUntil(() => seen() === end, 5_000);
  }
  sending.end(body.subarray(3 * MIB));
  expect(await answered).toBe(200);
  const total = body.length;
  expect(await lastOf(member)).toEqual({ id: "holiday-1", loaded: total, total, percent: 100, done: true });
  const loaded = progressOf(member).map((progress) => progress.loaded);
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  expect(progressOf(member).find((progress) => progress.loaded === MIB)).toEqual({
    ...{ id: "holiday-1", loaded: MIB, total, percent: 33 },
  });
  expect(member.got.find(({ name }) => name === "upload")!.meta).toEqual({ channel: "room/7" });
});

test("the file that arrives is the file that was sent", async () => {
  const { node, member } = await start();
  const port = await listen(expressApp(node));
  const file = randomBytes(2 * MIB);
  const form = new FormData();
  form.append("file", new Blob([file]), "a.bin");
  const response = await fetch(`http://127.0.0.1:${port}/rooms/7/files`, { method: "POST", body: form });
  const digest = createHash("sha256").update(file).digest("hex");
  expect(await response.json()).toEqual({ digest });
  const last = await lastOf(member);
  expect(last).toMatchObject({ done: true });
  expect(response.headers.get("upload-id")).toBe(last.id);
  expect(last.id).toMatch(/^[a-z0-9]{16}$/);
});

test("of two uploads at a time none takes the place of the other where only the latest is sent", async () => {
  const { node, member } = await start();
  await (await node.connect("ana")).join("room/7");
  const keys = new Map<string, Set<string | undefined>>();
  node.live.door.hub.addBroadcaster({
    send({ args: [progress], lane, key }) {
      const { id } = progress as UploadProgress;
      keys.set(id, (keys.get(id) ?? new Set()).add(`${lane} ${key}`));
    },
  });
  const port = await listen(expressApp(node));
  const uploads = ["a", "b"].map((id) => {
    const { body, type } = multipart(randomBytes(1_000));
    const headers = { "content-type": type, "content-length": body.length, "upload-id": id };
    const { sending, answered } = openRequest(port, headers);
    sending.end(body);
    return answered;
  });
  expect(await Promise.all(uploads)).toEqual([200, 200]);
  const ended = () =>
    progressOf(member)
      .filter(({ done }) => done)
      .map(({ id }) => id);
  await expect.poll(() => ended().sort()).toEqual(["a", "b"]);
  expect([...keys.values()].map((ofOne) => ofOne.size)).toEqual([1, 1]);
  expect(keys.get("a")).not.toEqual(keys.get("b"));
});

test("without a length there is no total, also on a plain node:http server", async () => {
  const { node, member } = await start();
  const progress = uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
  const port = await listen((req, res) => {
    progress(req, res);
    req.on("end", () => res.end()).resume();
  });
  const { sending, answered } = openRequest(port, { "transfer-encoding": "chunked" });
  sending.write(Buffer.alloc(1_000));
  await vi.waitUntil(() => progressOf(member).at(-1)?.loaded === 1_000, 5_000);
  sending.end(Buffer.alloc(500));
  expect(await answered).toBe(200);
  expect(await lastOf(member)).toEqual({ id: expect.any(String), loaded: 1_500, done: true });
});

test("an upload is done when it has been answered, not when it has arrived", async () => {
  const { node, member } = await start();
  const answer = gate();
  const progress = uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
  const port = await listen((req, res) => {
    progress(req, res);
    req.resume().on("close", () => void answer.passed.then(() => res.end()));
  });
  const { sending, answered } = openRequest(port, { "content-length": 10 });
  sending.end(Buffer.alloc(10));
  await vi.waitUntil(() => progressOf(member).at(-1)?.percent === 100, 5_000);
  answer.open();
  expect(await answered).toBe(200);
  expect(await lastOf(member)).toMatchObject({ percent: 100, done: true });
});

test("an upload that is broken off has failed, and so has one that is refused", async () => {
  const { node, member } = await start();
  const port = await listen(expressApp(node));
  const { body, type } = multipart(randomBytes(MIB));
  const headers = { "content-type": type, "content-length": body.length, "upload-id": "cut" };
  const { sending } = openRequest(port, headers);
  sending.write(body.subarray(0, 500_000));
  await vi.waitUntil(() => progressOf(member).at(-1)?.loaded === 500_000, 5_000);
  sending.destroy();
  expect(await lastOf(member)).toMatchObject({ id: "cut", loaded: 500_000, percent: 47, failed: true });

  member.got.length = 0;
  const refusing = await listen((req, res) => {
    uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) })(req, res);
    req.on("end", () => res.writeHead(422).end()).resume();
  });
  const refused = openRequest(refusing, { "content-length": 10 });
  refused.sending.end(Buffer.alloc(10));
  expect(await refused.answered).toBe(422);
  expect(await lastOf(member)).toMatchObject({ loaded: 10, percent: 100, failed: true });
});

test("bytes that came before the middleware was called are counted", async () => {
  const { node, member } = await start();
  const progress = uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
  const port = await listen((req, res) => {
    req.once("readable", () => {
      progress(req, res);
      req.on("end", () => res.end()).resume();
    });
  });
  const { sending, answered } = openRequest(port, { "content-length": 2_000 });
  sending.end(Buffer.alloc(2_000));
  expect(await answered).toBe(200);
  expect(await lastOf(member)).toMatchObject({ loaded: 2_000, percent: 100, done: true });
});

test("what has no body, no channel, or a channel that there is not, is an upload like any other", async () => {
  const { node, member } = await start();
  const channels = [
    undefined,
    { pattern: "quiet/:id", params: { id: 7 } },
    { pattern: "room/:id", params: {} as Record<string, string> },
  ];
  const handled: number[] = [];
  for (const channel of channels) {
    const progress = uploadProgress(node.live, { channel: () => channel });
    const port = await listen((req, res) =>
      progress(req, res, () => {
        req.on("end", () => res.end()).resume();
      }),
    );
    for (const body of [Buffer.alloc(0), Buffer.alloc(10)]) {
      const { sending, answered } = openRequest(port, { "content-length": body.length });
      sending.end(body);
      handled.push((await answered)!);
    }
  }
  expect(handled).toEqual(Array(6).fill(200));
  const warnings = () => node.warnings.filter((warning) => warning.includes("upload"));
  await expect.poll(warnings).toHaveLength(2);
  expect(warnings().join()).toMatch(
    /quiet\/:id: the contract has no whisper "upload".*channel is not known.*"id"/,
  );
  expect(progressOf(member)).toEqual([]);
});

test("names of uploads are 1 to 64 letters, digits, - and _; others are replaced", async () => {
  const { node } = await start();
  const progress = uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
  const port = await listen((req, res) => {
    progress(req, res);
    req.on("end", () => res.end()).resume();
  });
  const nameOf = async (id: string) => {
    const headers = { "upload-id": id };
    const response = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "x", headers });
    return response.headers.get("upload-id");
  };
  for (const id of ["a", "A-1_z", "x".repeat(64)]) expect(await nameOf(id)).toBe(id);
  for (const id of ["", "x".repeat(65), "a b", "a/b"]) expect(await nameOf(id)).toMatch(/^[a-z0-9]{16}$/);
});

test("wrong options are refused", async () => {
  const { node } = await start();
  const wrong = [
    {},
    { channel: "room/7" },
    { channel: () => undefined, whisper: "" },
    { channel: () => undefined, every: 1 },
  ];
  for (const options of wrong) {
    expect(() => uploadProgress(node.live, options as never)).toThrow(
      expect.objectContaining({ code: "LIVE_OPTIONS_INVALID" }),
    );
  }
});
