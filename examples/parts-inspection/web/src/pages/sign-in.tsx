import { SignIn } from "example-kit/web/parts/sign-in.tsx";
import { DEMO_PEOPLE } from "../../../src/demo-people.ts";
import { useSession } from "../session.tsx";

const PEOPLE = DEMO_PEOPLE.map((person) => ({ ...person, className: `role-${person.role}` }));

const HINTS = {
  email: "In the demonstration: the first name, such as nadia@demo.test.",
  password: "demo-admin or demo-inspector.",
};

/** Signing in, as one of the people of the plant. */
export function SignInPage() {
  const { signIn } = useSession();
  return (
    <SignIn
      title="Every finding, while the machine still runs."
      intro="Inspectors audit machines on the lines, administrators see each result as it is handed in. Open a second window, sign in as somebody else, and watch."
      people={PEOPLE}
      hints={HINTS}
      signIn={signIn}
    />
  );
}
