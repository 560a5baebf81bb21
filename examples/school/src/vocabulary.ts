/** The fixed words of the application, shared by the database, the API and the web pages. */

export const ROLES = ["super_admin", "school_admin", "teacher", "staff", "student", "parent"] as const;
export type Role = (typeof ROLES)[number];

/** The roles that an administrator gives to people who work at the school. */
export const WORKING_ROLES = ["school_admin", "teacher", "staff"] as const;

/** What a role may do. */
export const RIGHTS = [
  "attendance:write",
  "grades:read",
  "grades:write",
  "messages:write",
  "visitors:write",
  "buses:write",
  "fees:write",
  "notice:write",
  "people:write",
  "roles:write",
  "caches:manage",
] as const;
export type Right = (typeof RIGHTS)[number];

export const MARKS = ["present", "late", "absent"] as const;
/** Whether somebody was there. */
export type Mark = (typeof MARKS)[number];

export const BUS_STATES = ["expected", "boarding", "left"] as const;
export type BusState = (typeof BUS_STATES)[number];

/** When the lessons of a day begin and end. */
export const PERIODS = ["8:00–8:50", "9:00–9:50", "10:10–11:00", "11:10–12:00", "13:00–13:50"] as const;
