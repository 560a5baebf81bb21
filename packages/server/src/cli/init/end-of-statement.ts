const OPENS = "([{";
const CLOSES = ")]}";

/**
 * Where a statement ends whose call opens at `open` with a parenthesis: behind its semicolon, or at the end of its line. `undefined` where
 * parentheses do not match, or more of the statement follows than a reader of lines understands.
 */
export function endOfStatement(text: string, open: number): number | undefined {
  const closed = closing(text, open);
  if (closed === undefined) return undefined;
  const rest = /^[ \t]*;?[ \t]*(?:\/\/[^\n]*)?(?=\r?\n|$)/.exec(text.slice(closed + 1));
  return rest ? closed + 1 + rest[0].length : undefined;
}

/** Where what opens at `open` is closed; texts and comments are passed over. */
function closing(text: string, open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    const skipped = endOfPassage(text, index);
    if (skipped === undefined) return undefined;
    if (skipped > index) {
      index = skipped - 1;
      continue;
    }
    if (OPENS.includes(text[index]!)) depth++;
    if (CLOSES.includes(text[index]!) && --depth === 0) return index;
  }
  return undefined;
}

/** Where a text or comment that begins here ends; `index` itself when none begins, `undefined` when it never ends. */
function endOfPassage(text: string, index: number): number | undefined {
  const sign = text[index]!;
  if (text.startsWith("//", index)) return lineEnd(text, index);
  if (text.startsWith("/*", index)) return behind(text.indexOf("*/", index + 2), 2);
  if (sign !== '"' && sign !== "'" && sign !== "`") return index;
  for (let at = index + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === sign) return at + 1;
  }
  return undefined;
}

function lineEnd(text: string, index: number): number {
  const end = text.indexOf("\n", index);
  return end < 0 ? text.length : end;
}

function behind(index: number, length: number): number | undefined {
  return index < 0 ? undefined : index + length;
}
