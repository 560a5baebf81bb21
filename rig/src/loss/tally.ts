/** What clients counted, added up. */
export interface Tally {
  /** Events that were handed over. */
  delivered: number;
  /** Of these: told before they had a place in the channel. */
  early: number;
  /** Not delivered, and nobody said so. */
  lost: number;
  /** Not delivered, and the client was told that something is missing there. */
  noticed: number;
  duplicated: number;
  /** Told anew, with notice, in another epoch, because nobody could say whether they were published in the old one. */
  repeated: number;
  reordered: number;
  /** Came to a client that was not in the channel at the time. */
  uninvited: number;
  /** Went on in another epoch without a word. */
  crossed: number;
  /** Did not end with the channel's last event. */
  unconverged: number;
  /** Never published. */
  invented: number;
  /** Came back and went on where they stood. */
  resumed: number;
  /** Came back and were told to reload. */
  resynced: number;
  /** Were told to reload while they were connected. */
  told: number;
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    ...{ delivered: 0, early: 0, lost: 0, noticed: 0, duplicated: 0, repeated: 0, reordered: 0 },
    ...{ uninvited: 0, crossed: 0, unconverged: 0, invented: 0, resumed: 0, resynced: 0, told: 0 },
  };
}
