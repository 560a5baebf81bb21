import type { Cancel, Clock } from "../base/clock.ts";

/** How long before the end a client is warned; at most half of what is left. */
const WARNED_BEFORE_MS = 30_000;

/** Timers count no further than this; longer waits are cut in pieces. */
const LONGEST_TIMER_MS = 86_400_000;

/** Tells when an identity that ends at `expiresAt`, in milliseconds since 1970, is about to, and when it has. The answer stops it. */
export function followExpiry(
  clock: Clock,
  expiresAt: number,
  tell: { readonly expiring: (expiresInMs: number) => void; readonly expired: () => void },
): Cancel {
  const warnAt = expiresAt - Math.min(WARNED_BEFORE_MS, (expiresAt - clock.wall()) / 2);
  let warned = false;
  let cancel: Cancel = () => undefined;
  function look(): void {
    const leftMs = expiresAt - clock.wall();
    // What is no number is no time at which anything ends later.
    if (!(leftMs > 0)) return tell.expired();
    const warnInMs = warnAt - clock.wall();
    if (warnInMs <= 0 && !warned) {
      warned = true;
      tell.expiring(leftMs);
    }
    cancel = clock.after(Math.min(LONGEST_TIMER_MS, warned ? leftMs : warnInMs), look);
  }
  look();
  return () => cancel();
}
