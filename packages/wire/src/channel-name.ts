import { LiveError } from "./errors.ts";

/** Longest channel name, in UTF-16 code units after encoding. */
export const MAX_CHANNEL_LENGTH = 256;

/** Names of the parameters in a channel pattern: `"hostel/:hostelId"` has `"hostelId"`. */
export type ParamNames<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? ParamNames<Head> | ParamNames<Tail>
  : Pattern extends `:${infer Name}`
    ? Name
    : never;

/** The parameters a channel pattern asks for. Numbers are written in decimal. */
export type ChannelParams<Pattern extends string> = {
  readonly [Name in ParamNames<Pattern>]: string | number;
};

/** The same parameters as they are read back from a channel's name: always text. */
export type ParsedParams<Pattern extends string> = { readonly [Name in ParamNames<Pattern>]: string };

const SEGMENT = /^(?:[A-Za-z0-9_-]+|:[A-Za-z][A-Za-z0-9_]*)$/;

/** Says what is wrong with a channel pattern, or `undefined` when it is well formed. */
export function patternFault(pattern: string): string | undefined {
  const seen = new Set<string>();
  for (const segment of pattern.split("/")) {
    if (!SEGMENT.test(segment)) {
      return `segment ${JSON.stringify(segment)} must be a word of letters, digits, "_" and "-", or ":name"`;
    }
    if (segment.startsWith(":")) {
      if (seen.has(segment)) return `parameter ${segment} occurs twice`;
      seen.add(segment);
    }
  }
  return undefined;
}

/**
 * Writes the name of one channel: `formatChannel("hostel/:hostelId", { hostelId: 7 })` is `"hostel/7"`. Parameters are
 * percent-encoded, so different parameters never give the same name.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` when a parameter is missing, empty, or the name grows past {@link MAX_CHANNEL_LENGTH}.
 */
export function formatChannel<Pattern extends string>(
  pattern: Pattern,
  params: ChannelParams<Pattern>,
): string {
  const values = params as Readonly<Record<string, string | number | undefined>>;
  const name = pattern
    .split("/")
    .map((segment) => (segment.startsWith(":") ? encodeParam(pattern, segment.slice(1), values) : segment))
    .join("/");
  if (name.length > MAX_CHANNEL_LENGTH) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `Channel ${pattern}: the name has ${name.length} characters, at most ${MAX_CHANNEL_LENGTH} are allowed.`,
    );
  }
  return name;
}

function encodeParam(
  pattern: string,
  name: string,
  params: Readonly<Record<string, string | number | undefined>>,
): string {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if ((typeof value !== "string" && typeof value !== "number") || value === "") {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `Channel ${pattern}: parameter "${name}" must be a non-empty string or a number, received ${JSON.stringify(value)}.`,
    );
  }
  return encodeURIComponent(value);
}

/** Reads a channel's name against one pattern. A name that does not fit, or is badly encoded, is `undefined`. */
export function matchChannel<Pattern extends string>(
  pattern: Pattern,
  name: string,
): ParsedParams<Pattern> | undefined {
  if (name.length > MAX_CHANNEL_LENGTH) return undefined;
  const wanted = pattern.split("/");
  const given = name.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = given[index]!;
    if (segment.startsWith(":")) {
      const value = decodeParam(text);
      if (value === undefined) return undefined;
      params[segment.slice(1)] = value;
    } else if (segment !== text) {
      return undefined;
    }
  }
  return params as ParsedParams<Pattern>;
}

/** Only the one canonical spelling of a parameter is accepted, so that a channel has exactly one name. */
function decodeParam(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    const value = decodeURIComponent(text);
    return encodeURIComponent(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
