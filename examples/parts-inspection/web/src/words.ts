import type { Result, Role } from "../../src/vocabulary.ts";

/** How the fixed words of the application read on a page. */

export const RESULT_WORDS: Readonly<Record<Result, string>> = { passed: "Passed", failed: "Failed" };

export const ROLE_WORDS: Readonly<Record<Role, string>> = { admin: "Administrator", inspector: "Inspector" };

/** Bytes as people say them: "820 kB", "3.4 MB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A share as "87 %". */
export function shareWords(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "Asha", "Asha and Tom", "Asha, Tom and 2 others". */
export function listWords(names: readonly string[], more = 0): string {
  if (more > 0) return `${names.join(", ")} and ${more} other${more === 1 ? "" : "s"}`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
