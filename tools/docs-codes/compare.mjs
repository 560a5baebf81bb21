/**
 * Compares the error registry with its page, the sources and the tests.
 *
 * @param {object} sources
 * @param {Readonly<Record<string, { status: number, retryable: boolean }>>} sources.registry
 * @param {string} sources.page Markdown with a `### CODE` section for each code
 * @param {readonly string[]} sources.code the texts of all source files but the registry
 * @param {readonly string[]} sources.tests the texts of all test files
 * @returns {string[]} one sentence for each difference
 */
export function compareCodes({ registry, page, code: sources, tests }) {
  const problems = [];
  const sections = readSections(page);
  const seen = new Set();
  for (const { code, text } of sections) {
    const entry = registry[code];
    if (seen.has(code)) problems.push(`${PAGE}: ${code} is explained twice.`);
    else if (!entry) problems.push(`${PAGE}: ${code} is not in the registry.`);
    else problems.push(...judgeSection(code, text, entry));
    seen.add(code);
  }
  for (const code of Object.keys(registry)) {
    if (!seen.has(code)) problems.push(`${PAGE}: has no section "### ${code}".`);
    const quoted = `"${code}"`;
    if (!sources.some((text) => text.includes(quoted))) problems.push(`${code}: no source raises it.`);
    if (!tests.some((text) => text.includes(quoted))) problems.push(`${code}: no test provokes it.`);
  }
  return problems;
}

const PAGE = "docs/reference/errors.md";
const PARTS = ["**What happened.**", "**Why.**", "**Fix.**"];

function readSections(page) {
  const [, ...parts] = `\n${page}`.split(/\n### /);
  return parts.map((part) => {
    const [code, ...lines] = part.split("\n");
    return { code: code.trim(), text: lines.join("\n").split(/\n##? /)[0] };
  });
}

function judgeSection(code, text, { status, retryable }) {
  const line = `HTTP ${status} · ${retryable ? "retryable" : "not retryable"}`;
  const missing = PARTS.filter((part) => !text.includes(part));
  return [
    ...(text.split("\n").includes(line) ? [] : [`${PAGE}: ${code} should say "${line}".`]),
    ...missing.map((part) => `${PAGE}: ${code} has no paragraph ${part}`),
  ];
}
