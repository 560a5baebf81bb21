const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** "3 hr. ago"; anything of the last minute is "just now". */
export function timeAgo(moment: string, nowMs: number): string {
  const agoMs = nowMs - Date.parse(moment);
  for (const [unit, ms] of UNITS) {
    if (agoMs >= ms) return relative.format(-Math.floor(agoMs / ms), unit);
  }
  return "just now";
}

const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** The moment in full, in the reader's time zone. */
export function inFull(moment: string): string {
  return full.format(new Date(moment));
}

const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** A day such as "2026-11-20" as "20 Nov". */
export function dayWords(day: string): string {
  return dayAndMonth.format(new Date(`${day}T00:00:00Z`));
}

/** A length of time in hours, as people say it: "40 min", "7.5 h", "3.2 days". */
export function hoursWords(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  if (hours < 48) return `${trim(hours)} h`;
  return `${trim(hours / 24)} days`;
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** "1 issue", "2 issues". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "Asha Verma" as "AV". */
export function initials(name: string): string {
  return name
    .split(" ")
    .map((part) => part[0])
    .join("");
}
