import type { RevocationStore } from "../ports/revocation-store.ts";
import type { SessionStore } from "../ports/session-store.ts";

/** Throws `LIVE_GROUND_UNSAFE` where what is written may be thrown away. */
export type CheckKeeps = (what: string) => void;

/** Revocations, of which none is taken by a Redis that may forget it. What is there can be read. */
export function keepRevocations(store: RevocationStore, check: CheckKeeps): RevocationStore {
  return {
    ...store,
    async revoke(input) {
      check("tokens.revoke");
      return store.revoke(input);
    },
  };
}

/** Sessions, of which none is begun in a Redis that may forget it. Those that are there go on, and can be ended. */
export function keepSessions(store: SessionStore, check: CheckKeeps): SessionStore {
  return {
    ...store,
    async create(input) {
      check("sessions.create");
      return store.create(input);
    },
    async rotate(input) {
      check("sessions.rotate");
      return store.rotate(input);
    },
  };
}
