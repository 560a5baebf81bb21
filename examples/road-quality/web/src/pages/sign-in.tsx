import { SignIn } from "example-kit/web/parts/sign-in.tsx";
import { DEMO_PEOPLE } from "../../../src/demo-people.ts";
import { useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

const PEOPLE = DEMO_PEOPLE.map(({ role, vehicle, ...person }) => ({
  ...person,
  words: `${ROLE_WORDS[role]}, ${vehicle.toLowerCase()}`,
  className: `role-${role}`,
}));

const HINTS = {
  email: "In the demonstration: the first name, such as asha@demo.test.",
  password: "demo-driver or demo-operator.",
};

/** Signing in, as one of the people of the city. */
export function SignInPage() {
  const { signIn } = useSession();
  return (
    <SignIn
      title="How the roads are, as of this second."
      intro="Phones in cars feel every bump. The map shows where they drive, what they feel and what lies in the way: open a second window, drive in it, and watch from here."
      people={PEOPLE}
      hints={HINTS}
      signIn={signIn}
    />
  );
}
