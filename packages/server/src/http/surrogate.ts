import type { SurrogateField } from "./outward-options.ts";

/** Longest list of tags that is sent, in characters: networks take 16 KB, all headers of a response together. */
export const MAX_SURROGATE_LENGTH = 16 * 1024;

/** Tags as one field value, and how many of them had to be left out. */
export interface SurrogateList {
  readonly value: string;
  readonly leftOut: number;
}

/** What separates tags, and what a tag cannot hold as it is: besides these, everything but visible ASCII. */
const GRAMMAR: Readonly<Record<SurrogateField, { readonly separator: string; readonly unfit: RegExp }>> = {
  "surrogate-key": { separator: " ", unfit: /[^\x21-\x7e]|%/gu },
  "cache-tag": { separator: ",", unfit: /[^\x21-\x7e]|[%,]/gu },
};

/**
 * The tags of an entry in the grammar of a content delivery network. Characters that it cannot carry are percent-encoded, `%` itself
 * included, so different tags stay different. What would make the list longer than {@link MAX_SURROGATE_LENGTH} is left out.
 */
export function surrogateList(field: SurrogateField, tags: readonly string[]): SurrogateList {
  const { separator, unfit } = GRAMMAR[field];
  let value = "";
  for (const [index, tag] of tags.entries()) {
    const text = (index === 0 ? "" : separator) + tag.replace(unfit, percentEncoded);
    if (value.length + text.length > MAX_SURROGATE_LENGTH) return { value, leftOut: tags.length - index };
    value += text;
  }
  return { value, leftOut: 0 };
}

function percentEncoded(char: string): string {
  return Array.from(Buffer.from(char), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
    "",
  );
}
