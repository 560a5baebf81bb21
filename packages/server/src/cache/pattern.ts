/** Longest part of a key that is taken for a word. */
const LONGEST_WORD = 24;

/** Most parts of a pattern, and the longest pattern; what lies beyond is one star. */
const MOST_PARTS = 8;

const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
/** Hexadecimal of at least 8 digits, dashes allowed: digests, object ids, UUIDs. */
const HEX = /^[0-9a-f-]{8,}$/i;
/** Mixed letters and digits without a word in between, such as `nanoid` and ULID make them. */
const MIXED = /^(?=.*\d)(?=.*[a-z])[\w-]{10,}$/i;
/** The same without a digit: long, and of both cases. */
const RANDOM = /^(?=.*[a-z])(?=.*[A-Z])[\w-]{16,}$/;
/** A date, or a time with colons encoded. */
const DATE = /^\d{4}-\d{2}(?:-\d{2})?/;

/**
 * The pattern of a key: its parts that look like identifiers are starred, so that `user:42:orders` and `user:7:orders` are counted
 * together as `user:*:orders`. The query of a route's key is `?*`, and nothing at all is `?`. At most 8 parts.
 */
export function patternOf(key: string): string {
  const parts = key.split(":");
  const query = parts[0] === "http" ? parts.findIndex((part) => part.startsWith("?")) : -1;
  // What stands behind the query of a route's key is a digest, whatever it looks like.
  const shown = parts
    .slice(0, MOST_PARTS)
    .map((part, index) => (query >= 0 && index > query ? "*" : patternOfPart(part)));
  return (parts.length > MOST_PARTS ? [...shown, "*"] : shown).join(":");
}

function patternOfPart(part: string): string {
  if (part.startsWith("?")) return part === "?" ? part : "?*";
  return looksLikeIdentifier(part) ? "*" : part;
}

function looksLikeIdentifier(part: string): boolean {
  if (part.length > LONGEST_WORD || part.startsWith("#")) return true;
  return (
    NUMBER.test(part) ||
    DATE.test(part) ||
    isHex(part) ||
    MIXED.test(part) ||
    RANDOM.test(part) ||
    part.includes("%")
  );
}

/** A word such as `facade` or `dead-beef` is no number; one digit makes the difference. */
function isHex(part: string): boolean {
  return HEX.test(part) && /\d/.test(part);
}
