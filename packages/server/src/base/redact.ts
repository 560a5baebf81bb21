/** Stands where something secret stood. */
const REDACTED = "***";

/** Longest text that is told; what lies beyond is cut, so that no log line grows without bound. */
const LONGEST_TEXT = 8_192;

/** How deep values are looked into, and how many parts of each. What lies beyond is left out. */
const DEEPEST = 6;
const MOST_PARTS = 100;

/** Fields whose value is secret, whatever it is. */
const SECRET_FIELD =
  /^(?:pass(?:word|wd|phrase)?|secrets?|(?:\w+[_-]?)?(?:secret|password)|(?:access|refresh|id|csrf|xsrf|bearer)[_-]?token|token|jwt|api[_-]?key|private[_-]?key|(?:proxy-)?authorization|(?:set-)?cookies?|session[_-]?id|sid|connect\.sid)$/i;

/** Secrets in text, and what is left of each. */
const SECRET_TEXTS: readonly (readonly [found: RegExp, left: string])[] = [
  // Passwords of these may hold signs that a URL should not have; so everything before the last @ is taken for one.
  [/\b((?:rediss?|valkeys?|postgres(?:ql)?|mongodb(?:\+srv)?|amqps?|mysql):\/\/)\S*@/gi, `$1${REDACTED}@`],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#]*@/gi, `$1${REDACTED}@`],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:\w+\s+)?[^\s"',;]+/gi, `$1${REDACTED}`],
  [/\b((?:set-)?cookie["']?\s*:\s*)[^\r\n]+/gi, `$1${REDACTED}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  // A signed cookie of express-session, also percent-encoded.
  [/\bs(?::|%3A)[\w-]{16,}\.[\w%+/=-]+/gi, REDACTED],
  [
    /\b((?:pass(?:word|wd)?|secret|token|(?:access|refresh|id)_token|jwt|api[_-]?key|session(?:_?id)?|sid|connect\.sid)=)[^\s&;,"')]+/gi,
    `$1${REDACTED}`,
  ],
  // Redis repeats the arguments of a command that it refuses, and AUTH is one.
  [/(with args beginning with:).*/gi, `$1 ${REDACTED}`],
];

/** Takes what is secret out of a text: passwords in URLs, tokens, cookies, and these very texts. Long texts are cut. */
export function redactText(text: string, known: readonly string[] = []): string {
  let left = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
  for (const secret of known) left = left.replaceAll(secret, REDACTED);
  for (const [found, instead] of SECRET_TEXTS) left = left.replace(found, instead);
  return left;
}

/**
 * The same value without what is secret, for logs: also in errors, their causes and stacks, and whatever fields have the name of something
 * secret (`password`, `cookie`, `token`). What has nothing secret is answered as it is. Never throws, also not for what cannot be read.
 */
export function redact(value: unknown, known: readonly string[] = []): unknown {
  return redactPart(value, { known, depth: 0, within: [] });
}

interface Place {
  readonly known: readonly string[];
  readonly depth: number;
  /** What this value stands in, for circles. */
  readonly within: readonly object[];
}

function redactPart(value: unknown, place: Place): unknown {
  if (typeof value === "string") return redactText(value, place.known);
  if (typeof value !== "object" || value === null) return value;
  if (place.within.includes(value)) return "[circular]";
  if (place.depth >= DEEPEST) return "[deeper]";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Date || value instanceof RegExp) return value;
  const inner: Place = { ...place, depth: place.depth + 1, within: [...place.within, value] };
  try {
    if (Array.isArray(value)) return redactList(value, inner);
    return value instanceof Error ? redactError(value, inner) : redactFields(value, inner);
  } catch {
    return "[unreadable]";
  }
}

function redactList(list: readonly unknown[], inner: Place): readonly unknown[] {
  const told = list.slice(0, MOST_PARTS).map((part) => redactPart(part, inner));
  if (list.length > MOST_PARTS) return [...told, `[${list.length - MOST_PARTS} more]`];
  return told.every((part, index) => part === list[index]) ? list : told;
}

function redactFields(value: object, inner: Place): object {
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const told = entries.slice(0, MOST_PARTS).map(([name, part]) => {
    const isSecret = SECRET_FIELD.test(String(name)) && part !== undefined && part !== null && part !== "";
    return [String(name), isSecret ? REDACTED : redactPart(part, inner)] as const;
  });
  const isSame = entries.length <= MOST_PARTS && told.every(([, part], index) => part === entries[index]![1]);
  return isSame ? value : Object.fromEntries(told);
}

/** An error of the same kind, so that loggers show it as one. */
function redactError(error: Error, inner: Place): Error {
  const names = new Set<string | symbol>([...Reflect.ownKeys(error), "message", "stack", "cause"]);
  const copy = Object.create(Object.getPrototypeOf(error) as object) as Error;
  let isSame = true;
  for (const name of names) {
    const part: unknown = Reflect.get(error, name);
    if (part === undefined) continue;
    const isSecret = typeof name === "string" && SECRET_FIELD.test(name);
    const told = isSecret ? REDACTED : redactPart(part, inner);
    isSame &&= told === part;
    const enumerable = Object.getOwnPropertyDescriptor(error, name)?.enumerable ?? false;
    Object.defineProperty(copy, name, { value: told, enumerable, configurable: true, writable: true });
  }
  return isSame ? error : copy;
}
