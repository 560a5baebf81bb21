import { createHash } from "node:crypto";

/** What a part of a key is made from. A number is the same as its decimal text: `7`, `7n` and `"7"` give one key. */
export type KeyPart = string | number | bigint;

/** Stands for a part that is the empty string; no other part begins like this. */
const EMPTY = "%_";

/** Begins a part that was hashed; no other part begins like this. */
const HASH = "%~";

/** What may not stand in a part: the separator, the escape, stars, braces, control characters, halves of surrogate pairs. */
const UNSAFE =
  /[:%*{}\u0000-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPED = /%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g;

/** The text of a part, or `undefined` for what can be no part: `NaN`, an infinity, an object, nothing. */
export function partText(part: unknown): string | undefined {
  if (typeof part === "string") return part;
  if (typeof part === "bigint" || (typeof part === "number" && Number.isFinite(part))) return String(part);
  return undefined;
}

/** Writes text as one part of a key: other text is another part, and a part holds no `:`, `*` or control character. */
export function encodePart(text: string): string {
  if (text === "") return EMPTY;
  return text.replace(UNSAFE, (sign) => {
    const code = sign.charCodeAt(0);
    const hex = code.toString(16).toUpperCase();
    return code > 0xff ? `%u${hex}` : `%${hex.padStart(2, "0")}`;
  });
}

/** Writes text of any length as a part of 45 bytes that cannot be read back. */
export function hashPart(text: string): string {
  return HASH + createHash("sha256").update(encodePart(text)).digest("base64url");
}

/** Reads back what {@link encodePart} wrote; `undefined` for a hashed part, and for what it would not have written. */
export function decodePart(part: string): string | undefined {
  if (part === EMPTY) return "";
  const text = part.replace(ESCAPED, (_, wide?: string, narrow?: string) =>
    String.fromCharCode(Number.parseInt(wide ?? narrow ?? "", 16)),
  );
  return encodePart(text) === part ? text : undefined;
}
