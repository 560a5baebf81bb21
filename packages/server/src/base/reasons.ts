/**
 * Why a read was answered as it was. The list is closed: the same words stand in `Cache-Status`, in `live.why` and in
 * counters.
 *
 * - `hit-near`: from this node's memory · `hit-far`: from the ground · `joined`: from a load already running
 * - `absent`: nothing was stored under the key, or its TTL ran out · `changed`: a tag moved after the load began
 * - `epoch`: the ground lost data since · `fenced`: the stored value is older than the position the reader presented
 * - `bypass`: the request may not be cached · `not-storable`: the load's result may not be stored
 * - `ground-away`: the ground did not answer, so the value was loaded
 */
const REASONS = [
  "hit-near",
  "hit-far",
  "joined",
  "absent",
  "changed",
  "epoch",
  "fenced",
  "bypass",
  "not-storable",
  "ground-away",
] as const;

/** One of the list above. */
export type Reason = (typeof REASONS)[number];
