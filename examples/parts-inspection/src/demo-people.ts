import type { DemoPerson as AnyPerson } from "example-kit/application";
import type { Role } from "./vocabulary.ts";

/** Somebody the demonstration database knows. The sign-in page shows these people and their passwords. */
export interface DemoPerson extends AnyPerson {
  readonly role: Role;
  readonly words: string;
}

const admin = { role: "admin", password: "demo-admin" } as const;
const inspector = { role: "inspector", password: "demo-inspector", words: "Inspector" } as const;

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { ...admin, id: "nadia", name: "Nadia Rahman", email: "nadia@demo.test", words: "Head of quality, admin" },
  {
    ...admin,
    id: "viktor",
    name: "Viktor Hansson",
    email: "viktor@demo.test",
    words: "Plant manager, admin",
  },
  { ...inspector, id: "lucia", name: "Lucia Ferri", email: "lucia@demo.test" },
  { ...inspector, id: "samuel", name: "Samuel Adeyemi", email: "samuel@demo.test" },
  { ...inspector, id: "aiko", name: "Aiko Tanaka", email: "aiko@demo.test" },
  { ...inspector, id: "jonas", name: "Jonas Weber", email: "jonas@demo.test" },
];
