import type { BusState, Mark, Right, Role } from "../../src/vocabulary.ts";

/** How the fixed words of the application read on a page. */

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  super_admin: "All schools",
  school_admin: "School office",
  teacher: "Teacher",
  staff: "Staff",
  student: "Student",
  parent: "Parent",
};

export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  present: "Present",
  late: "Late",
  absent: "Absent",
};

export const BUS_WORDS: Readonly<Record<BusState, string>> = {
  expected: "Expected",
  boarding: "Boarding",
  left: "Left",
};

/** What the front desk says of a bus next. */
export const NEXT_BUS: Readonly<Record<BusState, { readonly to: BusState; readonly words: string }>> = {
  expected: { to: "boarding", words: "It is here" },
  boarding: { to: "left", words: "It has left" },
  left: { to: "expected", words: "Not yet" },
};

export const RIGHT_WORDS: Readonly<Record<Right, string>> = {
  "attendance:write": "Take attendance",
  "grades:read": "See grades",
  "grades:write": "Enter grades",
  "messages:write": "Write messages",
  "visitors:write": "Note visitors",
  "buses:write": "Note buses",
  "fees:write": "Mark fees paid",
  "notice:write": "Write the notice",
  "people:write": "Choose roles",
  "roles:write": "Choose rights",
  "caches:manage": "Look after caches",
};

const money = new Intl.NumberFormat("en-GB", {
  style: "currency",
  currency: "EUR",
  maximumFractionDigits: 0,
});

/** Cents as "€1,250". */
export function moneyOf(cents: number): string {
  return money.format(cents / 100);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A moment as "09:40", in the reader's time zone. */
export function clockOf(moment: string): string {
  return clock.format(new Date(moment));
}

const share = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 });

/** Part of a whole as "94.2%"; a dash when there is no whole. */
export function shareOf(part: number, whole: number): string {
  return whole === 0 ? "–" : share.format(part / whole);
}
