/** The fixed words of the application, shared by the database, the API and the web pages. */

export const ROLES = ["student", "warden", "management"] as const;
export type Role = (typeof ROLES)[number];

export const STATUSES = ["open", "in_progress", "resolved"] as const;
export type Status = (typeof STATUSES)[number];

export const CATEGORIES = [
  "plumbing",
  "electricity",
  "internet",
  "furniture",
  "cleaning",
  "heating",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

export const PRIORITIES = ["low", "normal", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** In place of a hostel's id: every hostel at once. Only management may use it. */
export const ALL_HOSTELS = "all";
