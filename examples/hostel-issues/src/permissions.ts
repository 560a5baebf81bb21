import type { Person } from "./answers.ts";
import { ALL_HOSTELS } from "./vocabulary.ts";

/** Students and wardens see their own hostel, management sees every one and all of them together. */
export function maySeeHostel(person: Person, hostelId: string): boolean {
  return person.role === "management" || (person.hostelId === hostelId && hostelId !== ALL_HOSTELS);
}

/** Wardens look after the issues of their own hostel, management after all. */
export function mayWorkIn(person: Person, hostelId: string): boolean {
  return person.role !== "student" && maySeeHostel(person, hostelId);
}
