import { isIP } from "node:net";
import type { HandshakeHeaders } from "./origin.ts";

/** Where a handshake came from: the other side of the connection, and what the proxies say. */
export interface HandshakeSource {
  readonly headers: HandshakeHeaders;
  readonly remote: string | undefined;
}

/**
 * The address of a client behind `trustProxy` proxies of ours. Each of them adds the address it was asked from at the end of
 * `X-Forwarded-For`, so the client's is as many places from the end; what stands before it is the client's own word. Anything there
 * that is no address leaves the other side of the connection.
 */
export function clientAddress({ headers, remote }: HandshakeSource, trustProxy: number): string | undefined {
  const other = remote === undefined ? undefined : plainAddress(remote);
  if (trustProxy === 0) return other;
  const listed = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  return plainAddress(listed.at(-trustProxy) ?? listed[0]!) ?? other;
}

/** An IP address without port, brackets or zone, an IPv4 address inside IPv6 as such; `undefined` for anything else. */
function plainAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(trimmed) ?? [];
  const [address = ""] = (bracketed ?? beforePort ?? trimmed).split("%");
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  const plain = (mapped ?? address).toLowerCase();
  return isIP(plain) === 0 ? undefined : plain;
}

/** Whether an address is the machine's own. */
export function isOwnMachine(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

/** What is counted as one client: an IPv4 address, or the /64 network of IPv6, of which every client has all to itself. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...after];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
