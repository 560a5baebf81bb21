import { parseCursor, parsePosition } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import type { Evidence, PublishedEvent } from "./history.ts";

/** An event at its place in a channel. */
interface Placed {
  readonly id: string;
  readonly position: Position | undefined;
}

/** One channel, as all clients together have seen it. */
export interface ChannelTruth {
  readonly published: readonly PublishedEvent[];
  /** Which event stands at a place; `undefined` when nobody has seen it. */
  at(place: Cursor): string | undefined;
  /** The last place of an epoch that anybody has seen. */
  lastOf(epoch: string): number;
  /** Whether the log has taken the event for sure. */
  isAcknowledged(id: string): boolean;
  /** Whether anybody has seen where the event stands. */
  isPlaced(id: string): boolean;
  /** Whether the event was taken again in another epoch, because nobody could say that it was in the one before. */
  isRepeated(id: string): boolean;
  /** Whether the event stands at this place. */
  stands(id: string, place: Cursor): boolean;
}

/** All channels, and what the clients' views of them contradict each other in. */
export interface Truth {
  channel(name: string): ChannelTruth;
  readonly contradictions: readonly string[];
}

interface Row {
  readonly published: PublishedEvent[];
  readonly epochs: Map<string, Map<number, Placed>>;
  readonly places: Map<string, Cursor[]>;
}

/** Puts together what the channels were from what everybody has seen of them. */
export function findTruth({ published, histories }: Evidence): Truth {
  const rows = new Map<string, Row>();
  const contradictions: string[] = [];
  const rowOf = (name: string): Row => {
    const known = rows.get(name);
    if (known) return known;
    const row: Row = { published: [], epochs: new Map(), places: new Map() };
    rows.set(name, row);
    return row;
  };
  for (const event of published) rowOf(event.channel).published.push(event);
  for (const { channel, notes, client } of histories) {
    const row = rowOf(channel);
    for (const note of notes) {
      const place = note.kind === "event" ? parseCursor(note.cursor) : undefined;
      if (note.kind !== "event" || !place) continue;
      const other = put(row, place, { id: note.id, position: parsePosition(note.position) });
      if (other)
        contradictions.push(`${client} has ${note.id} at ${channel} ${note.cursor}, others ${other}`);
    }
  }
  for (const [name, row] of rows) contradictions.push(...contradictionsIn(name, row));
  const truths = new Map([...rows].map(([name, row]) => [name, toTruth(row)]));
  return { channel: (name) => truths.get(name) ?? toTruth(rowOf(name)), contradictions };
}

/** Notes an event at its place; answers what others have seen there, if it is something else. */
function put(row: Row, place: Cursor, placed: Placed): string | undefined {
  let epoch = row.epochs.get(place.epoch);
  if (!epoch) row.epochs.set(place.epoch, (epoch = new Map()));
  const known = epoch.get(place.offset);
  if (known) return known.id === placed.id ? undefined : known.id;
  epoch.set(place.offset, placed);
  const places = row.places.get(placed.id);
  if (places) places.push(place);
  else row.places.set(placed.id, [place]);
  return undefined;
}

/** Events stand in the order of the log, and where their acknowledgement says. */
function contradictionsIn(name: string, { published, epochs, places }: Row): readonly string[] {
  const found: string[] = [];
  for (const epoch of epochs.values()) {
    let last: Position | undefined;
    for (const offset of [...epoch.keys()].sort((a, b) => a - b)) {
      const { id, position } = epoch.get(offset)!;
      if (last && position && last.epoch === position.epoch && position.seq < last.seq) {
        found.push(`${id} at ${name} ${offset} stands before an older event`);
      }
      last = position ?? last;
    }
  }
  for (const event of published) {
    const seen = (places.get(event.id) ?? []).map(({ epoch, offset }) => epochs.get(epoch)?.get(offset));
    const acked = parsePosition(event.position);
    const fits = seen.some(
      (placed) =>
        !placed?.position || (placed.position.seq === acked?.seq && placed.position.epoch === acked.epoch),
    );
    if (acked && seen.length > 0 && !fits)
      found.push(`${event.id} of ${name} is not where it was acknowledged`);
  }
  return found;
}

function toTruth({ published, epochs, places }: Row): ChannelTruth {
  const lastPlaces = new Map<string, number>();
  for (const [epoch, events] of epochs) {
    let last = 0;
    for (const offset of events.keys()) last = Math.max(last, offset);
    lastPlaces.set(epoch, last);
  }
  const acknowledged = new Set(published.filter((event) => event.position).map(({ id }) => id));
  return {
    published,
    isAcknowledged: (id) => acknowledged.has(id),
    at: ({ epoch, offset }) => epochs.get(epoch)?.get(offset)?.id,
    lastOf: (epoch) => lastPlaces.get(epoch) ?? 0,
    isPlaced: (id) => places.has(id),
    isRepeated: (id) => new Set(places.get(id)?.map(({ epoch }) => epoch)).size > 1,
    stands: (id, { epoch, offset }) => epochs.get(epoch)?.get(offset)?.id === id,
  };
}
