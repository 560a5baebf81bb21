import { SignIn } from "example-kit/web/parts/sign-in.tsx";
import { DEMO_PEOPLE } from "../../../src/demo-people.ts";
import { useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

const WORDS: Readonly<Record<string, string>> = {
  noor: "Looks after all schools",
  otto: "Student, class 7A",
  lena: "Parent of Otto and Ida",
  samuel: "Parent of Grace",
};

const PEOPLE = DEMO_PEOPLE.map((person) => ({
  ...person,
  words: WORDS[person.id] ?? `${ROLE_WORDS[person.role]}${person.post ? `, ${person.post}` : ""}`,
  className: `role-${person.role}`,
}));

const HINTS = {
  email: "In the demonstration: the first name, such as hana@demo.test.",
  password: "demo-super, demo-admin, demo-teacher, demo-staff, demo-student or demo-parent.",
};

/** Signing in, as one of the people of the schools. */
export function SignInPage() {
  const { signIn } = useSession();
  return (
    <SignIn
      title="One school day, six points of view."
      intro="A teacher marks who is here; parents, students and the office see it at once. Open a second window, sign in as somebody else, and watch."
      people={PEOPLE}
      hints={HINTS}
      signIn={signIn}
    />
  );
}
