import type { CacheStats } from "livecache";
import type { Message } from "./contract.ts";
import type { BusState, Mark, Right, Role } from "./vocabulary.ts";

/** What the API answers, as the pages read it. Days are `2026-11-20`, moments ISO, money in cents. */

/** Who is signed in. */
export type Person = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly schoolId: string | null;
  readonly post: string | null;
  /** A student's class; the classes that a teacher teaches; those of an administrator's school. */
  readonly classIds: readonly string[];
  /** A parent's children. */
  readonly childIds: readonly string[];
};

/** `GET /api/session`. `socketToken` identifies a socket of the page; it is of no use elsewhere. */
export interface SessionAnswer {
  readonly person: Person | null;
  readonly rights?: readonly Right[];
  readonly socketToken?: string;
}

/** `POST /api/tokens`: for programs, as `Authorization: Bearer`. */
export interface TokenAnswer {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** How many were there; `unmarked` of whom nobody has said so yet. */
export type MarkCounts = Readonly<Record<Mark, number>> & { readonly unmarked: number };

export interface DayMark {
  readonly day: string;
  readonly mark: Mark;
}

export interface SuperDashboard {
  readonly kind: "super_admin";
  readonly totals: { readonly schools: number; readonly students: number; readonly teachers: number };
  readonly schools: readonly {
    readonly id: string;
    readonly name: string;
    readonly town: string;
    readonly students: number;
    readonly today: MarkCounts;
  }[];
  /** The last school days, today last. */
  readonly days: readonly { readonly day: string; readonly present: number; readonly missing: number }[];
  readonly asOf: string;
}

export interface Fee {
  readonly id: number;
  readonly student: string;
  readonly title: string;
  readonly cents: number;
  readonly due: string;
}

export interface ClassToday {
  readonly id: string;
  readonly name: string;
  readonly room: string;
  readonly teacher: string;
  readonly today: MarkCounts;
}

export interface AdminDashboard {
  readonly kind: "school_admin";
  readonly school: string;
  readonly today: MarkCounts;
  readonly classes: readonly ClassToday[];
  readonly staff: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: Role;
    readonly post: string | null;
  }[];
  readonly fees: {
    readonly paidCents: number;
    readonly openCents: number;
    readonly overdue: readonly Fee[];
  };
  readonly asOf: string;
}

export interface Lesson {
  readonly period: number;
  readonly subject: string;
  readonly className: string;
  readonly teacher: string;
  readonly room: string;
}

/** A conversation about a student, and how it stands. */
export interface ThreadHead {
  readonly studentId: string;
  readonly student: string;
  readonly className: string;
  readonly last: Message | null;
}

export interface AssessmentHead {
  readonly id: number;
  readonly title: string;
  readonly subject: string;
  readonly className: string;
  readonly day: string;
  readonly graded: number;
  readonly students: number;
}

export interface TeacherDashboard {
  readonly kind: "teacher";
  readonly ownClassIds: readonly string[];
  readonly classes: readonly ClassToday[];
  readonly lessons: readonly Lesson[];
  /** The newest first; those that lack grades before the others. */
  readonly assessments: readonly AssessmentHead[];
  readonly threads: readonly ThreadHead[];
  readonly asOf: string;
}

export interface Visitor {
  readonly id: number;
  readonly name: string;
  readonly sees: string;
  readonly cameAt: string;
  readonly leftAt: string | null;
}

export interface StaffDashboard {
  readonly kind: "staff";
  readonly school: string;
  readonly visitors: readonly Visitor[];
  readonly buses: readonly {
    readonly id: string;
    readonly name: string;
    readonly departs: string;
    readonly seats: number;
    readonly state: BusState;
  }[];
  readonly asOf: string;
}

export interface StudentDashboard {
  readonly kind: "student";
  readonly className: string;
  readonly teacher: string;
  readonly lessons: readonly Lesson[];
  readonly homework: readonly {
    readonly id: number;
    readonly subject: string;
    readonly title: string;
    readonly due: string;
  }[];
  /** The last school days that somebody took attendance of, oldest first. */
  readonly attendance: readonly DayMark[];
  readonly asOf: string;
}

export interface ParentDashboard {
  readonly kind: "parent";
  readonly children: readonly (ThreadHead & {
    readonly teacher: { readonly id: string; readonly name: string };
    readonly attendance: readonly DayMark[];
  })[];
  readonly asOf: string;
}

/** `GET /api/dashboard`: that of the role of whoever asks. */
export type Dashboard =
  SuperDashboard | AdminDashboard | TeacherDashboard | StaffDashboard | StudentDashboard | ParentDashboard;

/** `GET /api/classes/:classId/attendance`: today's. */
export interface AttendanceAnswer {
  readonly classId: string;
  readonly className: string;
  readonly day: string;
  readonly students: readonly { readonly id: string; readonly name: string; readonly mark: Mark | null }[];
}

/** `PUT /api/classes/:classId/attendance` */
export interface AttendanceWritten {
  readonly message: string;
  readonly changed: readonly string[];
}

/** `GET /api/assessments/:id/grades` */
export interface AssessmentAnswer extends Pick<
  AssessmentHead,
  "id" | "title" | "subject" | "className" | "day"
> {
  readonly students: readonly {
    readonly id: string;
    readonly name: string;
    readonly points: number | null;
  }[];
}

/** `GET /api/students/:studentId/grades`, by subject, the newest last. */
export interface GradesAnswer {
  readonly subjects: readonly {
    readonly subject: string;
    readonly mean: number;
    readonly grades: readonly { readonly title: string; readonly day: string; readonly points: number }[];
  }[];
}

/** `GET /api/threads/:studentId` */
export interface ThreadAnswer {
  readonly studentId: string;
  readonly student: string;
  readonly className: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
  /** The oldest first; the last hundred. */
  readonly messages: readonly Message[];
}

/** `GET /api/people`: those who work at the school. */
export interface PeopleAnswer {
  readonly people: AdminDashboard["staff"];
}

/** `GET /api/roles` */
export interface RolesAnswer {
  readonly roles: readonly {
    readonly name: Role;
    readonly rights: readonly Right[];
    readonly people: number;
  }[];
}

/** `GET /api/notice`: what the head of the school has to say today; it is kept in the cache alone. */
export interface Notice {
  readonly text: string;
  readonly by: string;
  readonly at: string;
}
export interface NoticeAnswer {
  readonly notice: Notice | null;
}

/** `GET /api/caches` */
export interface CachesAnswer {
  readonly stats: CacheStats;
  readonly redis: { readonly connected: boolean; readonly words: string; readonly advice: readonly string[] };
  /** Revoked tokens that this node knows. */
  readonly revoked: number;
  readonly node: string;
}

/** `POST /api/caches/test`: what the cache answered, step by step. */
export interface CacheTestAnswer {
  readonly steps: readonly { readonly call: string; readonly answer: unknown }[];
}
