import { defineKey } from "livecache";
import type {
  AdminDashboard,
  Notice,
  ParentDashboard,
  Person,
  StaffDashboard,
  StudentDashboard,
  SuperDashboard,
  TeacherDashboard,
} from "./answers.ts";
import type { Right } from "./vocabulary.ts";

/** Every key of the application, and what stands under it. */

/** One hour. */
export const roleKey = defineKey("role:{roleName}").holding<readonly Right[]>();
/** One hour. */
export const userKey = defineKey("user:{userId}").holding<Person | null>();
/** As long as whoever wrote it wants. */
export const noticeKey = defineKey("notice:{schoolId}").holding<Notice>();

/** Five minutes each. */
export const dashboardKeys = {
  super_admin: defineKey("dashboard:super_admin").holding<SuperDashboard>(),
  school_admin: defineKey("dashboard:school_admin:{schoolId}").holding<AdminDashboard>(),
  teacher: defineKey("dashboard:teacher:{teacherId}").holding<TeacherDashboard>(),
  staff: defineKey("dashboard:staff:{staffId}").holding<StaffDashboard>(),
  student: defineKey("dashboard:student:{studentId}").holding<StudentDashboard>(),
  parent: defineKey("dashboard:parent:{parentId}").holding<ParentDashboard>(),
};

/** What a fact is about: a write moves the tags of what it wrote, and a dashboard names the tags of what it shows. */
export const tag = {
  /** Who was there: in a class, in a school, of all schools, or whether one student was. */
  classAttendance: (classId: string) => `class:${classId}:attendance`,
  schoolAttendance: (schoolId: string) => `school:${schoolId}:attendance`,
  allAttendance: "schools:attendance",
  studentAttendance: (studentId: string) => `student:${studentId}:attendance`,
  studentGrades: (studentId: string) => `student:${studentId}:grades`,
  assessment: (id: number | string) => `assessment:${id}`,
  teacherAssessments: (teacherId: string) => `teacher:${teacherId}:assessments`,
  thread: (studentId: string) => `student:${studentId}:thread`,
  classThreads: (classId: string) => `class:${classId}:threads`,
  fees: (schoolId: string) => `school:${schoolId}:fees`,
  workers: (schoolId: string) => `school:${schoolId}:workers`,
  visitors: (schoolId: string) => `school:${schoolId}:visitors`,
  buses: (schoolId: string) => `school:${schoolId}:buses`,
};
