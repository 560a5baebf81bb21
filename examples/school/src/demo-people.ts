import type { DemoPerson as AnyPerson } from "example-kit/application";
import type { Role } from "./vocabulary.ts";

/** Somebody the demonstration database knows by a password. The sign-in page shows these people. */
export interface DemoPerson extends AnyPerson {
  readonly role: Role;
  readonly schoolId: string | null;
  readonly post: string | null;
  readonly classId: string | null;
}

const elm = { schoolId: "elm", classId: null } as const;
const teacher = { ...elm, role: "teacher", password: "demo-teacher" } as const;
const parent = { ...elm, role: "parent", password: "demo-parent", post: null } as const;

const person = (id: string, name: string) => ({ id, name, email: `${id}@demo.test` });

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    ...person("noor", "Noor Rahman"),
    ...{ role: "super_admin", password: "demo-super", post: "All schools", schoolId: null, classId: null },
  },
  {
    ...person("miriam", "Miriam Okoye"),
    ...{ ...elm, role: "school_admin", password: "demo-admin", post: "Head of school" },
  },
  { ...person("hana", "Hana Sato"), ...teacher, post: "Mathematics" },
  { ...person("jonas", "Jonas Weber"), ...teacher, post: "English" },
  {
    ...person("pavel", "Pavel Novak"),
    ...{ ...elm, role: "staff", password: "demo-staff", post: "Front desk" },
  },
  {
    ...person("otto", "Otto Lind"),
    ...{ role: "student", password: "demo-student", post: null, schoolId: "elm", classId: "elm-7a" },
  },
  { ...person("lena", "Lena Lind"), ...parent },
  { ...person("samuel", "Samuel Adeyemi"), ...parent },
];
