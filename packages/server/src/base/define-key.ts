import { LiveError } from "@livecache/wire";
import { invalidOption } from "./check.ts";
import { decodePart, encodePart, hashPart, partText } from "./key-parts.ts";
import type { KeyPart } from "./key-parts.ts";
import { MAX_KEY_PARTS, MAX_NAME_BYTES, checkKey } from "./names.ts";

/** The parameter that one part of a template names: `"{userId}"` has `["userId"]`, `"orders"` has none. */
type NameIn<Part extends string> = Part extends `{${infer Name}|hash}`
  ? [Name]
  : Part extends `{${infer Name}}`
    ? [Name]
    : [];

/** The parameters of a template, in their order. */
type NamesIn<Template extends string> = Template extends `${infer Head}:${infer Tail}`
  ? [...NameIn<Head>, ...NamesIn<Tail>]
  : NameIn<Template>;

/** Parameters of a template that can be read back. */
type PlainNames<Template extends string> = Template extends `${infer Head}:${infer Tail}`
  ? PlainNames<Head> | PlainNames<Tail>
  : Template extends `{${string}|hash}`
    ? never
    : Template extends `{${infer Name}}`
      ? Name
      : never;

/** Some of the first parameters, and none of the others. */
type Leading<Names extends readonly string[], Given extends string = never> = Names extends readonly [
  infer Head extends string,
  ...infer Tail extends string[],
]
  ? | ({ readonly [Name in Given]: KeyPart } & { readonly [Name in Names[number]]?: never })
    | Leading<Tail, Given | Head>
  : never;

/** Every parameter of a key template. */
export type KeyParams<Template extends string> = {
  readonly [Name in NamesIn<Template>[number]]: KeyPart;
};

/** The first parameters of a key template: none, or some in their order, but not all. */
export type LeadingParams<Template extends string> = Leading<NamesIn<Template>>;

declare const VALUE: unique symbol;

/** A key of which the compiler knows what is stored under it. To everything else it is a string. */
export type CacheKey<Value> = string & { readonly [VALUE]?: Value };

/** A family of keys: made by {@link defineKey}. */
export interface KeyDefinition<Template extends string, Key extends string = string> {
  readonly template: Template;
  /** The key with these parameters. @throws LiveError `LIVE_INPUT_INVALID` for a parameter that is missing, extra or too long */
  key(params: KeyParams<Template>): Key;
  /**
   * What all keys of the family with these first parameters begin with. It is a tag: `change({ tags: [prefix] })` voids all of
   * them in one step.
   *
   * @throws LiveError `LIVE_INPUT_INVALID` as for {@link KeyDefinition.key}, when all are given, and when nothing is left
   */
  prefix(params: LeadingParams<Template>): string;
  /** The same as a pattern for `deletePattern` and `getKeys`: the prefix and `":*"`. */
  pattern(params: LeadingParams<Template>): string;
  /** The parameters of a key as text, those that are hashed left out; `undefined` for a key of another family. */
  parse(key: string): { readonly [Name in PlainNames<Template>]: string } | undefined;
  /** The same family, for which the compiler holds `get` and `getOrSet` to values of this type. Nothing is checked at run time. */
  holding<Value>(): KeyDefinition<Template, CacheKey<Value>>;
}

/** One part of a template: a word as it is, or a parameter. */
interface Slot {
  readonly word?: string;
  readonly name?: string;
  readonly hashed?: boolean;
}

type Given = Readonly<Record<string, unknown>>;

/** What is written as it stands, and has one byte for each sign. */
const PLAIN = /^[\w./@-]+$/;

const WORD = /^[A-Za-z0-9_./@-]+$/;
const PARAM = /^\{([A-Za-z][A-Za-z0-9_]*)(\|hash)?\}$/;

/**
 * Declares keys by a template that looks like the key: `defineKey("user:{userId}:orders").key({ userId: 42 })` is
 * `"user:42:orders"`. Parameters are texts, numbers or bigints, and are encoded: other parameters always give another key, whatever
 * signs they hold. A number and its decimal text are the same parameter. `{query|hash}` is for text without a bound: its
 * SHA-256 takes its place.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for a template with a part that is no word and no parameter, with a name twice, or with
 * more than 16 parts
 */
export function defineKey<const Template extends string>(template: Template): KeyDefinition<Template> {
  const slots = readTemplate(template);
  const names = slots.flatMap(({ name }) => name ?? []);

  function prefix(params: Given): string {
    const given = checkParams(template, params, names, 0);
    const end = slots.findIndex(({ name }) => name !== undefined && !given.has(name));
    if (end === -1) {
      throw refused(template, "all parameters are given, so this is one key: use key().");
    }
    if (end === 0) throw refused(template, `give at least "${names[0]}": the prefix would be empty.`);
    return fill(template, slots.slice(0, end), given);
  }

  const definition: KeyDefinition<Template> = {
    template,
    key: (params) =>
      plainKey(slots, params, names.length) ??
      fill(template, slots, checkParams(template, params, names, names.length)),
    prefix,
    pattern: (params) => `${prefix(params)}:*`,
    parse: (key) => parse(slots, key) as ReturnType<KeyDefinition<Template>["parse"]>,
    holding: <Value>() => definition as KeyDefinition<Template, CacheKey<Value>>,
  };
  return definition;
}

function readTemplate(template: unknown): readonly Slot[] {
  const expected = `1 to ${MAX_KEY_PARTS} parts separated by ":", each a word or a parameter, such as "user:{userId}:orders"`;
  if (typeof template !== "string") throw invalidOption("defineKey", expected, template);
  const seen = new Set<string>();
  const slots = template.split(":").map((part): Slot => {
    if (WORD.test(part)) return { word: part };
    const [, name, hashed] = PARAM.exec(part) ?? [];
    if (name === undefined)
      throw invalidOption(`defineKey: part ${JSON.stringify(part)}`, expected, template);
    if (seen.has(name)) throw invalidOption(`defineKey: ${name}`, "every parameter once", template);
    seen.add(name);
    return { name, hashed: hashed !== undefined };
  });
  if (slots.length > MAX_KEY_PARTS) throw invalidOption("defineKey", expected, template);
  return slots;
}

/** The texts of the parameters by name: the first ones, at least `least` of them, and no other name. */
function checkParams(
  template: string,
  params: Given,
  ...[names, least]: [names: readonly string[], least: number]
): ReadonlyMap<string, string> {
  if (typeof params !== "object" || params === null) {
    throw refused(template, `expected an object with ${names.join(", ")}, received ${typeof params}.`);
  }
  const extra = Object.keys(params).find((name) => !names.includes(name));
  if (extra !== undefined) {
    throw refused(template, `there is no parameter "${extra}". It has: ${names.join(", ") || "none"}.`);
  }
  const given = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined && index >= least) continue;
    const text = partText(value);
    if (text === undefined) {
      throw refused(
        template,
        `parameter "${name}": expected a text, a finite number or a bigint, received ${show(value)}.`,
      );
    }
    if (given.size < index)
      throw refused(template, `parameter "${name}" is given, but not "${names[given.size]}" before it.`);
    given.set(name, text);
  }
  return given;
}

/**
 * The key in one go when nothing in it needs a second look: whole numbers and short words, nothing missing, nothing extra.
 * That is nearly always so, and takes a fraction of the time.
 */
function plainKey(slots: readonly Slot[], params: Given, count: number): string | undefined {
  if (typeof params !== "object" || params === null || Object.keys(params).length !== count) return undefined;
  let key = "";
  for (const { word, name = "", hashed } of slots) {
    if (key !== "") key += ":";
    const value = word ?? (Object.hasOwn(params, name) && !hashed ? params[name] : undefined);
    const isPlain = typeof value === "string" ? PLAIN.test(value) : Number.isSafeInteger(value);
    if (!isPlain) return undefined;
    key += value as string | number;
  }
  return key.length <= MAX_NAME_BYTES ? key : undefined;
}

function fill(template: string, slots: readonly Slot[], given: ReadonlyMap<string, string>): string {
  const parts = slots.map(({ word, name = "", hashed }) => {
    if (word !== undefined) return word;
    const text = given.get(name) ?? "";
    return hashed ? hashPart(text) : encodePart(text);
  });
  const key = parts.join(":");
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_NAME_BYTES) {
    const sizes = slots.map(({ name }, index) => [name, Buffer.byteLength(parts[index]!)] as const);
    const [longest] = sizes.filter(([name]) => name !== undefined).sort((a, b) => b[1] - a[1])[0] ?? [];
    throw refused(
      template,
      `the key has ${bytes} bytes, at most ${MAX_NAME_BYTES} are allowed. Write {${longest}|hash} in the template.`,
    );
  }
  checkKey(key);
  return key;
}

function parse(slots: readonly Slot[], key: string): Record<string, string> | undefined {
  const parts = key.split(":");
  if (parts.length !== slots.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, { word, name = "", hashed }] of slots.entries()) {
    const part = parts[index]!;
    if (word !== undefined) {
      if (part !== word) return undefined;
    } else if (!hashed) {
      const text = decodePart(part);
      if (text === undefined) return undefined;
      params[name] = text;
    } else if (!/^%~[\w-]{43}$/.test(part)) {
      return undefined;
    }
  }
  return params;
}

function refused(template: string, why: string): LiveError {
  return new LiveError("LIVE_INPUT_INVALID", `key ${template}: ${why}`, { details: { template } });
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
}
