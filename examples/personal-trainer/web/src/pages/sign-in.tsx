import { SignIn } from "example-kit/web/parts/sign-in.tsx";
import { useState } from "react";
import { DEMO_PEOPLE, OFFERED_PEOPLE } from "../../../src/demo-people.ts";
import type { DemoPerson } from "../../../src/demo-people.ts";
import { ResetForm } from "../parts/reset-form.tsx";
import { useSession } from "../session.tsx";

const PEOPLE = OFFERED_PEOPLE.map((person) => ({
  ...person,
  words: wordsOf(person),
  className: `role-${person.role}`,
}));

const HINTS = {
  email: "In the demonstration: the first name, such as mia@demo.test.",
  password: "demo-member or demo-trainer.",
};

/** Signing in, as a member or a trainer. */
export function SignInPage() {
  const { signIn } = useSession();
  const [forgotten, setForgotten] = useState(false);
  return (
    <SignIn
      title="Every set counts, and is seen."
      intro="Members log what they lift, in the gym and on the phone. Their trainer sees it as it happens, and answers. Open a second window, sign in as somebody else, and watch the figures move."
      people={PEOPLE}
      hints={HINTS}
      signIn={signIn}
    >
      <button type="button" className="link-button" onClick={() => setForgotten(true)}>
        I do not know my password
      </button>
      {forgotten && <ResetForm onClose={() => setForgotten(false)} />}
    </SignIn>
  );
}

function wordsOf({ id, role, trainerId }: DemoPerson): string {
  if (role === "trainer") {
    return `Trainer of ${DEMO_PEOPLE.filter((person) => person.trainerId === id).length} clients`;
  }
  const trainer = DEMO_PEOPLE.find((person) => person.id === trainerId);
  return trainer ? `Member, trained by ${trainer.name.split(" ")[0]}` : "Member, without a trainer";
}
