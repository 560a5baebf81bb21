/** Memory for the bodies that watchers hold, over all groups of a node. */
export interface BaseRoom {
  /** Whether there was room for so many bytes, which are taken then. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** Makes an empty room. */
export function createBaseRoom(maxBytes: number): BaseRoom {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > maxBytes) return false;
      used += bytes;
      return true;
    },
    give(bytes) {
      used -= bytes;
    },
  };
}
