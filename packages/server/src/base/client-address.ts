import { isIP } from "node:net";

/** Where a request came from: the other side of the connection, and what the proxies say. */
export interface RequestSource {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remote: string | undefined;
}

/** The proxies of ours: how many stand in a row, or which addresses are theirs. */
export type TrustedProxies = number | ((address: string) => boolean);

/**
 * The address of a client behind proxies of ours. Each of them adds the address it was asked from at the end of `X-Forwarded-For`.
 *
 * With a number, the client's is as many places from the end; anything there that is no address leaves the other side of the
 * connection. With a rule, the list is read from its end as long as the addresses are those of proxies of ours: the first other one is the
 * client's. Anything that is no address ends the reading at the proxy that said it. What stands before is the client's own word either way.
 */
export function clientAddress(
  { headers, remote }: RequestSource,
  trusted: TrustedProxies,
): string | undefined {
  const other = remote === undefined ? undefined : plainAddress(remote);
  if (trusted === 0) return other;
  const listed = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  if (typeof trusted === "number") return plainAddress(listed.at(-trusted) ?? listed[0]!) ?? other;
  let found = other;
  while (found !== undefined && listed.length > 0 && trusted(found)) {
    const before = plainAddress(listed.pop()!);
    if (before === undefined) break;
    found = before;
  }
  return found;
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

/** How much of an IPv6 address names the network that a client has all to itself, in bits. */
export const IPV6_NETWORK_BITS = 64;

/** What is counted as one client: an IPv4 address, or the network of IPv6 that its first `bits`, 16 to 64, name. */
export function networkOf(address: string, bits: number = IPV6_NETWORK_BITS): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...after];
  const network = groups.slice(0, Math.ceil(bits / 16)).map((group, index) => {
    const kept = Math.min(16, bits - index * 16);
    return (parseInt(group, 16) & (0xffff << (16 - kept))).toString(16);
  });
  return `${network.join(":")}::/${bits}`;
}
