import type { Category, Priority, Role, Status } from "../../src/vocabulary.ts";

/** How the fixed words of the application read on a page. */

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  open: "Open",
  in_progress: "In progress",
  resolved: "Resolved",
};

/** What a warden does next with an issue of this status. */
export const NEXT_STEP: Readonly<Record<Status, { readonly to: Status; readonly words: string }>> = {
  open: { to: "in_progress", words: "Start work" },
  in_progress: { to: "resolved", words: "Mark resolved" },
  resolved: { to: "open", words: "Reopen" },
};

export const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  plumbing: "Plumbing",
  electricity: "Electricity",
  internet: "Internet",
  furniture: "Furniture",
  cleaning: "Cleaning",
  heating: "Heating",
  other: "Other",
};

export const PRIORITY_WORDS: Readonly<Record<Priority, string>> = {
  low: "Can wait",
  normal: "Normal",
  urgent: "Urgent",
};

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  student: "Student",
  warden: "Warden",
  management: "Management",
};

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
