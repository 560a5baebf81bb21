/**
 * Counts lines that hold code: not blank, and not all comment.
 * @param {string} text
 * @param {readonly { start: number, end: number }[]} comments
 * @returns {(fromLine?: number, toLine?: number) => number} counts within these lines, both included; all by default
 */
export function codeLineCounter(text, comments) {
  let code = "";
  let at = 0;
  for (const { start, end } of comments) {
    code += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, "");
    at = end;
  }
  code += text.slice(at);

  const isCode = code.split("\n").map((line) => line.trim() !== "");
  return (fromLine = 1, toLine = isCode.length) => isCode.slice(fromLine - 1, toLine).filter(Boolean).length;
}
