import { pino } from "pino";
import { expect, test } from "vitest";
import { warnTo } from "./logger.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

function pinoTo(lines: string[]) {
  return pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
}

test("console and the like are handed message and details; without details there are none", () => {
  const told: unknown[][] = [];
  const warn = warnTo({ warn: (...given: unknown[]) => void told.push(given) }, []);
  warn("something", { a: 1 });
  warn("else");
  expect(told).toEqual([["livecache: something", { a: 1 }], ["livecache: else"]]);
});

test("pino, as it is, writes one line with message, fields and the error with its stack", () => {
  const lines: string[] = [];
  const warn = warnTo(pinoTo(lines), [SECRET]);
  warn("a frame failed", { frame: "live:join", error: new TypeError(`no ${SECRET}`) });
  warn("said alone");
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({
    ...{ level: 40, msg: "livecache: a frame failed", frame: "live:join" },
    err: { type: "TypeError", message: "no ***" },
  });
  expect((first!["err"] as { stack: string }).stack).toContain("logger.test");
  expect(second).toMatchObject({ level: 40, msg: "livecache: said alone" });
  expect(lines.join("")).not.toContain(SECRET);
});

test("a child of pino keeps its bindings and its level", () => {
  const lines: string[] = [];
  const root = pinoTo(lines);
  warnTo(root.child({ part: "cache" }), [])("one");
  warnTo(root.child({}, { level: "error" }), [])("two");
  expect(lines.map((line) => (JSON.parse(line) as { part: string }).part)).toEqual(["cache"]);
});

test("a logger that throws fails nothing", () => {
  let asked = 0;
  const warn = warnTo(
    {
      warn() {
        asked++;
        throw new Error("disk full");
      },
    },
    [],
  );
  warn("x");
  expect(asked).toBe(1);
});
