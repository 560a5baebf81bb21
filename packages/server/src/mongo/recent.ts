/** How many are remembered. */
const MOST = 2_000;

/** The places that were met lately. */
export interface Recent {
  has(place: string): boolean;
  add(place: string): void;
  /** Whether it is met for the first time; one without a place always is. */
  isNew(place: string | undefined): boolean;
}

/** Makes an empty memory of places. */
export function createRecent(): Recent {
  const places = new Set<string>();
  const add = (place: string): void => {
    places.delete(place);
    places.add(place);
    if (places.size > MOST) places.delete(places.values().next().value!);
  };
  return {
    has: (place) => places.has(place),
    add,
    isNew(place) {
      if (place === undefined) return true;
      const isKnown = places.has(place);
      add(place);
      return !isKnown;
    },
  };
}
