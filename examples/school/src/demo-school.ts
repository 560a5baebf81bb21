import type { Right, Role } from "./vocabulary.ts";

/** What the demonstration's schools are made of. */

export const DEMO_SCHOOLS = [
  { id: "elm", name: "Elm Park School", town: "Northfield" },
  { id: "oak", name: "Oak Hill School", town: "Riverton" },
] as const;

export const DEMO_RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  super_admin: ["roles:write", "caches:manage"],
  school_admin: ["attendance:write", "fees:write", "notice:write", "people:write"],
  teacher: ["attendance:write", "grades:read", "grades:write", "messages:write"],
  staff: ["visitors:write", "buses:write"],
  student: ["grades:read"],
  parent: ["grades:read", "messages:write"],
};

/** Those who work at the schools and do not sign in here. `post` is what a teacher teaches. */
export const DEMO_WORKERS = [
  { id: "clara", name: "Clara Jensen", role: "teacher", schoolId: "elm", post: "Science" },
  { id: "ibrahim", name: "Ibrahim Saleh", role: "teacher", schoolId: "elm", post: "History" },
  { id: "greta", name: "Greta Holm", role: "staff", schoolId: "elm", post: "Library" },
  { id: "rosa", name: "Rosa Marin", role: "school_admin", schoolId: "oak", post: "Head of school" },
  { id: "marta", name: "Marta Silva", role: "teacher", schoolId: "oak", post: "Mathematics" },
  { id: "keiko", name: "Keiko Tanaka", role: "teacher", schoolId: "oak", post: "English" },
  { id: "liam", name: "Liam Byrne", role: "teacher", schoolId: "oak", post: "Science" },
  { id: "amara", name: "Amara Diallo", role: "teacher", schoolId: "oak", post: "History" },
  { id: "tomas", name: "Tomas Horak", role: "staff", schoolId: "oak", post: "Front desk" },
] as const;

/** A school's classes, in the order of `teachers`: whose class it is, and who teaches what in all of them. */
export const DEMO_CLASSES = [
  { schoolId: "elm", names: ["5A", "6A", "7A", "8A"], teachers: ["clara", "ibrahim", "hana", "jonas"] },
  { schoolId: "oak", names: ["5A", "6A", "7A", "8A"], teachers: ["marta", "keiko", "liam", "amara"] },
] as const;

/** Students whom the demonstration's parents have, by class; the others are made up of these names. */
export const DEMO_CHILDREN = [
  { id: "otto", name: "Otto Lind", classId: "elm-7a", parents: ["lena"] },
  { id: "ida", name: "Ida Lind", classId: "elm-8a", parents: ["lena"] },
  { id: "grace", name: "Grace Adeyemi", classId: "elm-7a", parents: ["samuel"] },
] as const;

export const FIRST_NAMES = (
  "Aaron Amina Anton Bella Bruno Carla Chidi Daria Elias Emma Farid Freya Goran Hugo Ines Ivan Jana Jasper Kira " +
  "Leo Lina Malik Maya Nils Nora Omar Paula Quentin Rania Ravi Sara Simon Tara Theo Uma Vera Viktor Yara Yusuf Zoe"
).split(" ");
export const LAST_NAMES = (
  "Abreu Berg Castro Dahl Eriksen Fischer Gomez Haas Ibsen Jansen Kaya Lopez Meyer Nowak Olsen Patel Quinn Rossi " +
  "Santos Tran Ueda Vogel Wolf Yilmaz Zeller"
).split(" ");

/** What is written in a subject, and what is to be done at home. */
export const ASSESSMENT_TITLES = [
  "Unit test",
  "Short quiz",
  "Project",
  "Oral work",
  "Term paper",
  "Workbook",
] as const;
export const HOMEWORK_TITLES = [
  "Read the next chapter",
  "Finish the worksheet",
  "Learn the new words",
  "Prepare two questions",
  "Draw the diagram",
] as const;

export const VISITORS = [
  { name: "Dr. Helen Frost", sees: "School nurse" },
  { name: "Peter Lang", sees: "Miriam Okoye" },
  { name: "City fire brigade", sees: "Caretaker" },
  { name: "Yuki Mori", sees: "Hana Sato" },
  { name: "Parcel service", sees: "Front desk" },
  { name: "Eva Brandt", sees: "Jonas Weber" },
] as const;

export const MESSAGES = [
  ["lena", "otto", "Good morning! Otto has a dentist's appointment on Thursday at ten. Is that all right?"],
  ["hana", "otto", "Of course. He will miss the quiz, I will let him write it on Friday."],
  ["lena", "otto", "Thank you, that is very kind."],
  ["jonas", "ida", "Ida read her poem aloud today. It was wonderful."],
  ["samuel", "grace", "Grace would like to join the chess club. Whom do I ask?"],
] as const;

/** What parents and teachers write when life happens. */
export const LATER_MESSAGES = [
  "Is there anything to bring for the trip tomorrow?",
  "We will be five minutes late, the bus is stuck.",
  "Could you tell me how the project is going?",
  "Thank you for the talk yesterday.",
  "The sports bag is still at school, I think.",
  "Well done this week, I wanted to say that.",
] as const;
