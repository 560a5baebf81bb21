import { randomBytes } from "node:crypto";

/** A random word of `length` letters and digits in lower case; 12 of them carry 62 bits. */
export function randomWord(length: number): string {
  const word = Array.from(randomBytes(length), (byte) => (byte % 36).toString(36));
  return word.join("");
}
