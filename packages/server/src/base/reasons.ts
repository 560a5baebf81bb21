/**
 * Why a read was answered as it was. The list is closed: the same words stand in `Cache-Status`, in `live.why` and in
 * counters.
 *
 * Answered without a load:
 * - `hit-near`: from this node's memory · `hit-far`: from the ground · `joined`: from a load already running
 * - `stale`: a stale value, while it is loaded anew · `timeout`: a stale value, because the load took longer than the soft
 *   timeout · `grace`: a stale value, because the load failed
 *
 * Loaded, because
 * - `absent`: nothing is known to have been stored under the key · `expired`: its TTL ran out · `evicted`: it was
 *   stored, its TTL still ran, and it was gone · `changed`: something it depends on moved after its load began
 * - `refreshed`: ahead of the end of its TTL, or after a soft change · `epoch`: the ground lost data since · `fenced`: the
 *   stored value is older than the position the reader presented · `schema`: stored by another version of the code
 * - `damaged`: the stored bytes could not be read · `bypass`: the request may not be cached · `not-storable`: the load's
 *   result may not be stored · `ground-away`: the ground did not answer
 */
export const REASONS = [
  "hit-near",
  "hit-far",
  "joined",
  "stale",
  "timeout",
  "grace",
  "absent",
  "expired",
  "evicted",
  "changed",
  "refreshed",
  "epoch",
  "fenced",
  "schema",
  "damaged",
  "bypass",
  "not-storable",
  "ground-away",
] as const;

/** One of the list above. */
export type Reason = (typeof REASONS)[number];
