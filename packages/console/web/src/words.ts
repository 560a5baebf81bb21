const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function whole(value: number): string {
  return NUMBER.format(value);
}

/** `12`, `1.2K`. */
export function short(value: number): string {
  return Math.abs(value) < 10_000 ? NUMBER.format(value) : SHORT.format(value);
}

/** `3.2` below ten, `12` above. */
export function rate(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : short(value);
}

export function percent(share: number): string {
  return PERCENT.format(share);
}

/** `1 key`, `3 keys`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${short(count)} ${count === 1 ? one : many}`;
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let [value, unit] = [count, 0];
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A short time, such as one of an answer: `120 µs`, `3.2 ms`, `1.4 s`. */
export function time(ms: number): string {
  if (ms < 0.9995) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : span(ms);
}

/** A long time, such as an age: `12 s`, `3 min`, `5 h`, `2 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
}

/** `3 min ago`, `in 5 h`. */
export function ago(atMs: number, nowMs = Date.now()): string {
  const passed = nowMs - atMs;
  if (passed < -1_500) return `in ${span(-passed)}`;
  return passed < 1_500 ? "just now" : `${span(passed)} ago`;
}

export function clock(atMs: number): string {
  return CLOCK.format(atMs);
}

export function date(atMs: number): string {
  return DATE.format(atMs);
}
