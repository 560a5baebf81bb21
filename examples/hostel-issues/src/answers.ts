import type { Announcement, Issue } from "./contract.ts";
import type { Category, Role, Status } from "./vocabulary.ts";

/** What the API answers, as the pages read it. */

/** Who is signed in. `hostelId` is `null` for management. */
export type Person = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly hostelId: string | null;
};

/** `GET /api/session` */
export interface SessionAnswer {
  readonly person: Person | null;
}

export interface Hostel {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** `GET /api/hostels`: those that the person may see. */
export interface HostelsAnswer {
  readonly hostels: readonly Hostel[];
}

/** `GET /api/hostels/:hostelId/issues`, newest first. `counts` are of all issues of the hostel in the chosen category. */
export interface IssuesAnswer {
  readonly issues: readonly Issue[];
  readonly counts: Readonly<Record<Status, number>>;
}

/** One step in an issue's life. */
export interface IssueStep {
  readonly status: Status;
  readonly person: { readonly id: string; readonly name: string };
  readonly at: string;
}

/** `GET /api/issues/:id` */
export interface IssueAnswer {
  readonly issue: Issue;
  readonly steps: readonly IssueStep[];
}

/** `POST /api/issues` and `PATCH /api/issues/:id/status` */
export interface IssueWritten {
  readonly message: string;
  readonly issue: Issue;
}

/** `GET /api/hostels/:hostelId/announcements`, newest first */
export interface AnnouncementsAnswer {
  readonly announcements: readonly Announcement[];
}

/** `GET /api/dashboard/summary` */
export interface Summary {
  readonly open: number;
  readonly inProgress: number;
  readonly resolved: number;
  /** Hours from report to resolution, on average over the last 14 days; `null` when nothing was resolved. */
  readonly meanHoursToResolve: number | null;
  readonly byHostel: readonly {
    readonly id: string;
    readonly name: string;
    readonly counts: Readonly<Record<Status, number>>;
  }[];
  /** Issues not resolved yet, by category, most first. */
  readonly byCategory: readonly { readonly category: Category; readonly unresolved: number }[];
  /** The last 14 days in UTC, today last. */
  readonly days: readonly { readonly day: string; readonly reported: number; readonly resolved: number }[];
  readonly asOf: string;
}
