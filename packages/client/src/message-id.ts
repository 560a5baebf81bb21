/** A name that nobody else gives; `crypto.randomUUID` is missing on pages without TLS. */
export function messageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("");
}
