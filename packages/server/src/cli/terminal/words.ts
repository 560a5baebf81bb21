const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in words: `12 ms`, `4.2 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function lasting(ms: number): string {
  const size = Math.abs(ms);
  if (size < SECOND) return `${Math.round(ms)} ms`;
  if (size < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (size < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (size < DAY) return both([Math.floor(ms / HOUR), "h"], [Math.floor((ms % HOUR) / MINUTE), "min"]);
  return both([Math.floor(ms / DAY), "d"], [Math.floor((ms % DAY) / HOUR), "h"]);
}

function both([large, unit]: readonly [number, string], [small, less]: readonly [number, string]): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${less}`;
}

/** A number of bytes in words: `512 B`, `3.4 MiB`. */
export function sized(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 node`, `2 nodes`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** An instant, in ISO 8601 and UTC. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").replace(/Z$/, "");
}

/** The time of day of an instant, in UTC. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}
