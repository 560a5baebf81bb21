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

  const before = [0];
  for (const line of code.split("\n")) before.push(before.at(-1) + (line.trim() === "" ? 0 : 1));
  return (fromLine = 1, toLine = before.length - 1) => before[toLine] - before[fromLine - 1];
}
