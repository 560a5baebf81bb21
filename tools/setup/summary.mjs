/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Counts the tests of vitest's JSON report. A file that failed without a failing test (it could not be loaded, or a
 * hook failed) is one failure, and so is a run that failed for any other reason or wrote no report.
 *
 * @param {string | undefined} report the text of the report
 * @param {number} exitCode of vitest
 * @returns {Counts}
 */
export function countTests(report, exitCode) {
  const files = report ? JSON.parse(report).testResults : [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of files) {
    let failed = 0;
    for (const test of assertionResults) {
      if (test.status === "failed") failed += 1;
      else if (test.status === "passed") counts.passed += 1;
      else counts.skipped += 1;
    }
    counts.failed += status === "failed" ? Math.max(1, failed) : failed;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The last line of `npm test`, which CI reads. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
