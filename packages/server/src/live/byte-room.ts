/** Memory that many share: each takes bytes of it as long as there are any. */
export interface ByteRoom {
  /** Whether there was room for so many bytes, which are taken then. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** Makes an empty room. */
export function createByteRoom(maxBytes: number): ByteRoom {
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
