import type { CacheKey, WarmEntry } from "livecache";
import type { Dashboard, Person } from "./answers.ts";
import type { Database } from "./database/database.ts";
import { dashboardKeys, roleKey, tag } from "./keys.ts";
import type { SchoolLive } from "./live.ts";
import * as counted from "./store/dashboards.ts";
import { readRights } from "./store/people.ts";
import type { Right, Role } from "./vocabulary.ts";

/** The dashboard of one person: under which key it is kept, what it depends on, and how it is made. */
export interface DashboardPlan {
  readonly key: CacheKey<Dashboard>;
  readonly tags: readonly string[];
  readonly load: () => Promise<Dashboard>;
}

/** Says which dashboard a person has: that of their role. */
export function planOf(db: Database, person: Person): DashboardPlan {
  const { role, userId, classIds, childIds } = person;
  const schoolId = person.schoolId ?? "none";
  switch (role) {
    case "super_admin":
      return {
        key: dashboardKeys.super_admin.key({}),
        tags: [tag.allAttendance],
        load: () => counted.superDashboard(db),
      };
    case "school_admin":
      return {
        key: dashboardKeys.school_admin.key({ schoolId }),
        tags: [tag.schoolAttendance(schoolId), tag.fees(schoolId), tag.workers(schoolId)],
        load: () => counted.adminDashboard(db, schoolId),
      };
    case "teacher":
      return {
        key: dashboardKeys.teacher.key({ teacherId: userId }),
        tags: [
          ...classIds.flatMap((id) => [tag.classAttendance(id), tag.classThreads(id)]),
          tag.teacherAssessments(userId),
        ],
        load: () => counted.teacherDashboard(db, person),
      };
    case "staff":
      return {
        key: dashboardKeys.staff.key({ staffId: userId }),
        tags: [tag.visitors(schoolId), tag.buses(schoolId)],
        load: () => counted.staffDashboard(db, schoolId),
      };
    case "student":
      return {
        key: dashboardKeys.student.key({ studentId: userId }),
        tags: [tag.studentAttendance(userId)],
        load: () => counted.studentDashboard(db, person),
      };
    case "parent":
      return {
        key: dashboardKeys.parent.key({ parentId: userId }),
        tags: childIds.flatMap((id) => [tag.studentAttendance(id), tag.thread(id)]),
        load: () => counted.parentDashboard(db, person),
      };
  }
}

/** Five minutes for a dashboard. */
export function dashboardEntry({ key, tags, load }: DashboardPlan): WarmEntry {
  return { key, load, ttl: { milliseconds: 5 * 60 * 1000 }, tags };
}

/** What a role may do, looked up once an hour. */
export function roleEntry(
  db: Database,
  role: Role,
): WarmEntry & { readonly load: () => Promise<readonly Right[]> } {
  return {
    key: roleKey.key({ roleName: role }),
    load: () => readRights(db, role),
    ttl: "1h",
    tags: ["roles"],
  };
}

/** What somebody of this role may do. */
export function rightsOf(live: SchoolLive, db: Database, role: Role): Promise<readonly Right[]> {
  const { key, load, ...options } = roleEntry(db, role);
  return live.cache.getOrSet(key, load, options);
}
