import { requestKey } from "./cache-key.ts";
import type { KeyInput } from "./cache-key.ts";

/** The keys of the requests that a route was asked most lately: hashing them again would cost more than the rest of a hit. */
export interface KeyMemo {
  /** What `requestKey` answers. `asked` is different for requests with different keys. */
  keyOf(asked: string, input: () => KeyInput): string | undefined;
}

/** Most requests remembered for one route, and the longest ones, in characters: about one MiB at most. */
const MAX_KEYS = 1_000;
const MAX_ASKED_CHARS = 512;

/** Makes an empty memory. When it is full it starts anew. */
export function createKeyMemo(): KeyMemo {
  const keys = new Map<string, string>();
  return {
    keyOf(asked, input) {
      const known = keys.get(asked);
      if (known !== undefined) return known;
      const key = requestKey(input());
      if (key === undefined || asked.length > MAX_ASKED_CHARS) return key;
      if (keys.size >= MAX_KEYS) keys.clear();
      keys.set(asked, key);
      return key;
    },
  };
}
