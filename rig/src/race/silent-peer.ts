import type { Peer } from "livecache";

/** A socket that nobody listens to. */
export function silentPeer(id: string): Peer {
  const nothing = (): void => undefined;
  return {
    id,
    address: undefined,
    userAgent: undefined,
    identity: () => undefined,
    emit: nothing,
    enter: nothing,
    exit: nothing,
    end: nothing,
  };
}
