import { SignIn } from "example-kit/web/parts/sign-in.tsx";
import { DEMO_HOSTELS, DEMO_PEOPLE } from "../../../src/demo-people.ts";
import type { DemoPerson } from "../../../src/demo-people.ts";
import { useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

const PEOPLE = DEMO_PEOPLE.map((person) => ({
  ...person,
  words: placeOf(person),
  className: `role-${person.role}`,
}));

const HINTS = {
  email: "In the demonstration: the first name, such as asha@demo.test.",
  password: "demo-student, demo-warden or demo-management.",
};

/** Signing in, as one of the people of the hostels. */
export function SignInPage() {
  const { signIn } = useSession();
  return (
    <SignIn
      title="What is broken, and what becomes of it."
      intro="Students report, wardens mend, management sees the whole. Every page keeps itself up to date: open a second window, sign in as somebody else, and watch."
      people={PEOPLE}
      hints={HINTS}
      signIn={signIn}
    />
  );
}

function placeOf({ role, hostelId, room }: DemoPerson): string {
  const hostel = DEMO_HOSTELS.find(({ id }) => id === hostelId)?.name ?? "all hostels";
  return [ROLE_WORDS[role], hostel, room && `room ${room}`].filter(Boolean).join(", ");
}
