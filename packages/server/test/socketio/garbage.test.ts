import { expect, test } from "vitest";
import { serve } from "./serve.ts";

const FRAMES = ["watch", "unwatch", "join", "leave"];
const SOCKETS = 50;
const FRAMES_EACH = 100;

/** Chance with a seed: the same frames in every run (mulberry32). */
function createChance(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!, next };
}

type Chance = ReturnType<typeof createChance>;

/** Something that a hostile or broken client might send. */
function garbage(chance: Chance, depth = 0): unknown {
  const leaves: (() => unknown)[] = [
    () => null,
    () => undefined,
    () => chance.next() * 1e9,
    () => -1,
    () => true,
    () => "",
    () => "news",
    () => "hostel/7",
    () => "hostel/%00",
    () => "__proto__",
    () => "x".repeat(Math.floor(chance.next() * 20_000)),
    () => "\u0000\ud800\uffff",
    () => "a.b",
    () => "abc-99999999999999999",
    () => Buffer.from("binary"),
    () =>
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  ];
  if (depth > 3 || chance.next() < 0.5) return chance.pick(leaves)();
  if (chance.next() < 0.3) return Array.from({ length: 3 }, () => garbage(chance, depth + 1));
  const fields = ["token", "id", "channel", "cursor", "length", "toString", "then", "hasOwnProperty"];
  return Object.fromEntries(
    Array.from({ length: 3 }, () => [chance.pick(fields), garbage(chance, depth + 1)]),
  );
}

test(`${SOCKETS * FRAMES_EACH} garbage frames: each is answered, nobody is let in, and the process lives`, async () => {
  const site = await serve({
    io: { maxHttpBufferSize: 1e6 },
    attach: { limits: { messageBytes: 1_000_000 } },
  });
  const chance = createChance(1);
  const rejections: unknown[] = [];
  const note = (error: unknown): void => void rejections.push(error);
  process.on("unhandledRejection", note);
  const codes = new Map<string, number>();
  try {
    for (let number = 0; number < SOCKETS; number++) {
      const visitor = await site.connect();
      const asked = Array.from({ length: FRAMES_EACH }, () => {
        const count = chance.pick([0, 1, 1, 1, 1, 2, 5]);
        const args = Array.from({ length: count }, () => garbage(chance));
        return visitor.ask(chance.pick(FRAMES), ...args);
      });
      for (const answer of await Promise.all(asked)) {
        const code = answer.ok ? "ok" : answer.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      visitor.socket.disconnect();
    }
  } finally {
    process.off("unhandledRejection", note);
  }
  expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(SOCKETS * FRAMES_EACH);
  const known = [
    "ok",
    "LIVE_FRAME_INVALID",
    "LIVE_TOKEN_INVALID",
    "LIVE_CHANNEL_UNKNOWN",
    "LIVE_CHANNEL_REFUSED",
  ];
  expect(known).toEqual(expect.arrayContaining([...codes.keys()]));
  expect(codes.get("LIVE_FRAME_INVALID")).toBeGreaterThan(1_000);
  expect(rejections).toEqual([]);
  expect({}).not.toHaveProperty("polluted");
  expect(site.warnings).toEqual([]);
  await expect.poll(() => site.live.door.hub.figures().connections).toBe(0);
});

test("frames without an acknowledgement do no harm", async () => {
  const site = await serve();
  const visitor = await site.connect();
  for (const frame of FRAMES) {
    visitor.socket.emit(frame);
    visitor.socket.emit(frame, null);
    visitor.socket.emit(frame, { channel: "news", token: "x", id: "y" });
  }
  expect(await visitor.ask("leave", { channel: "news" })).toEqual({ ok: true });
  expect(site.live.door.hub.figures()).toMatchObject({ connections: 1, watches: 0 });
});
