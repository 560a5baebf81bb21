import type { DemoPerson as AnyPerson } from "example-kit/application";
import type { Role } from "./vocabulary.ts";

/** Somebody the demonstration database knows. */
export interface DemoPerson extends AnyPerson {
  readonly role: Role;
  /** `null` for trainers, and for members who have none. */
  readonly trainerId: string | null;
  readonly about: string;
  /** Workouts that the person means to do in a week. */
  readonly weeklyTarget: number;
  /** How strong a member is beside the others; 1 is the middle. */
  readonly strength: number;
}

const trainer = {
  role: "trainer",
  password: "demo-trainer",
  trainerId: null,
  weeklyTarget: 3,
  strength: 1.2,
} as const;
const member = { role: "member", password: "demo-member" } as const;

/** Three trainers, and ten members: nobody trains the last one yet. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    ...trainer,
    id: "nora",
    name: "Nora Lindqvist",
    email: "nora@demo.test",
    about: "Strength and good form. Twelve years on the platform.",
  },
  {
    ...trainer,
    id: "dario",
    name: "Dario Conti",
    email: "dario@demo.test",
    about: "Endurance, mobility, and getting back after an injury.",
  },
  {
    ...trainer,
    id: "yuki",
    name: "Yuki Tanaka",
    email: "yuki@demo.test",
    about: "Calisthenics. Everything is a gym.",
  },
  {
    ...member,
    id: "mia",
    name: "Mia Hoffmann",
    email: "mia@demo.test",
    trainerId: "nora",
    about: "First pull-up by the summer.",
    weeklyTarget: 4,
    strength: 0.8,
  },
  {
    ...member,
    id: "sam",
    name: "Sam Adeyemi",
    email: "sam@demo.test",
    trainerId: "nora",
    about: "Back to the bar after two years at a desk.",
    weeklyTarget: 3,
    strength: 1.15,
  },
  {
    ...member,
    id: "leila",
    name: "Leila Haddad",
    email: "leila@demo.test",
    trainerId: "nora",
    about: "Bodyweight squat times one and a half.",
    weeklyTarget: 4,
    strength: 0.9,
  },
  {
    ...member,
    id: "jonas",
    name: "Jonas Weber",
    email: "jonas@demo.test",
    trainerId: "nora",
    about: "Training for a half marathon, and for life.",
    weeklyTarget: 3,
    strength: 1,
  },
  {
    ...member,
    id: "ines",
    name: "Inês Carvalho",
    email: "ines@demo.test",
    trainerId: "dario",
    about: "A knee that wants patience.",
    weeklyTarget: 3,
    strength: 0.75,
  },
  {
    ...member,
    id: "omar",
    name: "Omar Farouk",
    email: "omar@demo.test",
    trainerId: "dario",
    about: "Lift heavy, sleep well.",
    weeklyTarget: 4,
    strength: 1.35,
  },
  {
    ...member,
    id: "grace",
    name: "Grace Mensah",
    email: "grace@demo.test",
    trainerId: "dario",
    about: "Strong shoulders for the climbing wall.",
    weeklyTarget: 3,
    strength: 0.85,
  },
  {
    ...member,
    id: "petra",
    name: "Petra Novak",
    email: "petra@demo.test",
    trainerId: "yuki",
    about: "Handstand, eventually.",
    weeklyTarget: 4,
    strength: 0.8,
  },
  {
    ...member,
    id: "kofi",
    name: "Kofi Asante",
    email: "kofi@demo.test",
    trainerId: "yuki",
    about: "Twenty clean dips.",
    weeklyTarget: 3,
    strength: 1.1,
  },
  {
    ...member,
    id: "tess",
    name: "Tess O'Brien",
    email: "tess@demo.test",
    trainerId: null,
    about: "New here. Looking for a trainer.",
    weeklyTarget: 2,
    strength: 0.7,
  },
];

/** Those whom the sign-in page and the showcase offer to be. */
export const OFFERED_PEOPLE = ["mia", "nora", "sam", "dario", "omar", "tess"].map((id) =>
  DEMO_PEOPLE.find((person) => person.id === id)!,
);
