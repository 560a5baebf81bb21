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
