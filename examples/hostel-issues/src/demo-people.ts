import type { DemoPerson as AnyPerson } from "example-kit/application";
import type { Role } from "./vocabulary.ts";

/** Somebody the demonstration database knows. The sign-in page shows these people and their passwords. */
export interface DemoPerson extends AnyPerson {
  readonly role: Role;
  /** `null` for management, who are responsible for every hostel. */
  readonly hostelId: string | null;
  readonly room: string | null;
}

const student = { role: "student", password: "demo-student" } as const;
const warden = { role: "warden", password: "demo-warden", room: null } as const;
const management = { role: "management", password: "demo-management", hostelId: null, room: null } as const;

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { ...student, id: "asha", name: "Asha Verma", email: "asha@demo.test", hostelId: "aspen", room: "214" },
  { ...student, id: "tom", name: "Tom Okafor", email: "tom@demo.test", hostelId: "aspen", room: "108" },
  { ...student, id: "mei", name: "Mei Lin", email: "mei@demo.test", hostelId: "birch", room: "305" },
  { ...student, id: "luis", name: "Luis Romero", email: "luis@demo.test", hostelId: "cedar", room: "12" },
  { ...warden, id: "grace", name: "Grace Mbeki", email: "grace@demo.test", hostelId: "aspen" },
  { ...warden, id: "henrik", name: "Henrik Dahl", email: "henrik@demo.test", hostelId: "birch" },
  { ...warden, id: "priya", name: "Priya Nair", email: "priya@demo.test", hostelId: "cedar" },
  { ...management, id: "elena", name: "Elena Petrova", email: "elena@demo.test" },
];

export const DEMO_HOSTELS = [
  { id: "aspen", name: "Aspen House", address: "4 Mill Lane" },
  { id: "birch", name: "Birch Court", address: "21 Station Road" },
  { id: "cedar", name: "Cedar Hall", address: "9 Garden Street" },
  { id: "juniper", name: "Juniper Lodge", address: "2 Harbour Walk" },
] as const;
