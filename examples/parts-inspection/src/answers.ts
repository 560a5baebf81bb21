import type { PhotoType, Result, Role } from "./vocabulary.ts";

/** What the API answers, as the pages read it. */

/** Who is signed in. */
export type Person = { readonly userId: string; readonly name: string; readonly role: Role };

/** `GET /api/session` */
export interface SessionAnswer {
  readonly person: Person | null;
}

/** `GET /api/sessions`: where the person is signed in, the latest first. */
export interface SessionsAnswer {
  readonly sessions: readonly {
    readonly createdAt: string;
    readonly seenAt: string;
    readonly expiresAt: string;
    /** Whether it is the one that asks. */
    readonly isThis: boolean;
  }[];
}

/** `GET /api/people`: everybody's name, for those who are only told an id. */
export interface PeopleAnswer {
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface Line extends Named {
  /** A thing that was retired stays in old audits; new ones cannot be made with it. */
  readonly retired: boolean;
}

export interface Machine extends Line {
  readonly lineId: number;
  /** What it can do. */
  readonly processIds: readonly number[];
}

export interface Process extends Line {
  /** The checklist. */
  readonly questions: readonly string[];
}

/** `GET /api/lines` */
export interface LinesAnswer {
  readonly lines: readonly Line[];
}

/** `GET /api/machines` */
export interface MachinesAnswer {
  readonly machines: readonly Machine[];
}

/** `GET /api/processes` */
export interface ProcessesAnswer {
  readonly processes: readonly Process[];
}

/** An audit as a list shows it. */
export interface Audit {
  readonly id: number;
  readonly line: Named;
  readonly machine: Named;
  readonly process: Named;
  readonly inspector: Author;
  readonly result: Result;
  /** How many questions were answered well, of how many. */
  readonly passed: number;
  readonly asked: number;
  readonly remarks: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** `GET /api/audits`, newest first. `counts` are of all audits that fit, whatever their result. */
export interface AuditsAnswer {
  readonly audits: readonly Audit[];
  readonly counts: Readonly<Record<Result, number>>;
}

export interface Author {
  readonly id: string;
  readonly name: string;
}

/** One question of a checklist, answered. */
export interface Answered {
  readonly question: string;
  readonly passed: boolean;
  /** What is wrong; required where `passed` is not. */
  readonly remark: string;
}

export interface Comment {
  readonly id: number;
  readonly author: Author;
  readonly text: string;
  readonly at: string;
}

/** A photo of the part; the picture itself is at `/api/audits/:id/photos/:photoId`. */
export interface Photo {
  readonly id: number;
  readonly name: string;
  readonly type: PhotoType;
  readonly bytes: number;
  readonly author: Author;
  readonly at: string;
}

/** `GET /api/audits/:id` */
export interface AuditAnswer {
  readonly audit: Audit;
  readonly answers: readonly Answered[];
  readonly comments: readonly Comment[];
  readonly photos: readonly Photo[];
}

/** `POST /api/audits` and `PATCH /api/audits/:id` */
export interface AuditWritten {
  readonly message: string;
  readonly audit: Audit;
}
