import { expect, test } from "vitest";
import { compareCodes } from "./compare.mjs";

const REGISTRY = { A_GONE: { status: 503, retryable: true }, A_WRONG: { status: 400, retryable: false } };
const TEXT = "**What happened.** a\n\n**Why.** b\n\n**Fix.** c\n";
const GONE = `### A_GONE\n\nHTTP 503 · retryable\n\n${TEXT}\n`;
const WRONG = `### A_WRONG\n\nHTTP 400 · not retryable\n\n${TEXT}\n`;
const PAGE = `# Errors\n\n## First\n\n${GONE}## Second\n\n${WRONG}`;
const CODE = [`throw new LiveError("A_GONE", "x")`, `"A_WRONG"`];
const TESTS = [`expect(code).toBe("A_GONE")`, `"A_WRONG"`];

function compared(changes) {
  return compareCodes({ registry: REGISTRY, page: PAGE, code: CODE, tests: TESTS, ...changes });
}

test("a page that explains every code, with tests that provoke each, is in order", () => {
  expect(compared({})).toEqual([]);
});

test("a code without a section and a section without a code both fail", () => {
  expect(compared({ page: GONE })).toEqual([`docs/reference/errors.md: has no section "### A_WRONG".`]);
  expect(compared({ page: `${PAGE}### A_LOST\n` })).toEqual([
    "docs/reference/errors.md: A_LOST is not in the registry.",
  ]);
  expect(compared({ page: PAGE + GONE })).toEqual(["docs/reference/errors.md: A_GONE is explained twice."]);
});

test("a wrong status and a missing paragraph fail", () => {
  const page = GONE.replace("503", "500").replace("**Fix.**", "Fix.") + WRONG;
  expect(compared({ page })).toEqual([
    `docs/reference/errors.md: A_GONE should say "HTTP 503 · retryable".`,
    "docs/reference/errors.md: A_GONE has no paragraph **Fix.**",
  ]);
});

test("a code that no source or no test names fails; a longer name is another code", () => {
  const others = [`"A_WRONG"`, `"A_GONE_TOO"`, "A_GONE"];
  expect(compared({ code: others })).toEqual(["A_GONE: no source raises it."]);
  expect(compared({ tests: others })).toEqual(["A_GONE: no test provokes it."]);
});
