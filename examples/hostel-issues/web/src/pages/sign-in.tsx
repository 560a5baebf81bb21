import { useEffect, useState } from "react";
import type { FormEvent } from "react";
import { DEMO_HOSTELS, DEMO_PEOPLE } from "../../../src/demo-people.ts";
import type { DemoPerson } from "../../../src/demo-people.ts";
import { Brand } from "../parts/brand.tsx";
import { Field } from "../parts/field.tsx";
import { useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

/** Signing in: as one of the demonstration's people, or with an address and a password. */
export function SignInPage() {
  const { signIn } = useSession();
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Sign in · Hostel Desk";
  }, []);

  async function attempt(email: string, password: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    setTrouble(undefined);
    try {
      await signIn(email, password);
    } catch (error) {
      setTrouble((error as Error).message);
      setBusy(false);
    }
  }

  return (
    <main className="sign-in" id="main">
      <section className="sign-in-intro">
        <Brand />
        <h1>What is broken, and what becomes of it.</h1>
        <p>
          Students report, wardens mend, management sees the whole. Every page keeps itself up to date: open a
          second window, sign in as somebody else, and watch.
        </p>
      </section>
      <section className="sign-in-ways">
        {trouble && (
          <p className="form-error" role="alert">
            {trouble}
          </p>
        )}
        <DemoPeople busy={busy} onPick={({ email, password }) => void attempt(email, password)} />
        <SignInForm busy={busy} onSubmit={(email, password) => void attempt(email, password)} />
      </section>
    </main>
  );
}

function DemoPeople({ busy, onPick }: { busy: boolean; onPick: (person: DemoPerson) => void }) {
  return (
    <section className="sign-in-demo" aria-labelledby="demo-people">
      <h2 id="demo-people">Try it as</h2>
      <ul>
        {DEMO_PEOPLE.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className={`demo-person role-${person.role}`}
              aria-disabled={busy}
              onClick={() => onPick(person)}
            >
              <span className="avatar" aria-hidden="true">
                {initials(person.name)}
              </span>
              <span className="demo-person-text">
                <strong>{person.name}</strong>
                <span>{placeOf(person)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SignInFormProps {
  readonly busy: boolean;
  readonly onSubmit: (email: string, password: string) => void;
}

function SignInForm({ busy, onSubmit }: SignInFormProps) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    onSubmit(String(values.get("email")), String(values.get("password")));
  }
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <h2>Or sign in by e-mail</h2>
      <Field label="E-mail" hint="In the demonstration: the first name, such as asha@demo.test.">
        {(control) => <input {...control} name="email" type="email" autoComplete="username" required />}
      </Field>
      <Field label="Password" hint="demo-student, demo-warden or demo-management.">
        {(control) => (
          <input {...control} name="password" type="password" autoComplete="current-password" required />
        )}
      </Field>
      <button type="submit" className="button button-main" aria-disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

function placeOf({ role, hostelId, room }: DemoPerson): string {
  const hostel = DEMO_HOSTELS.find(({ id }) => id === hostelId)?.name ?? "all hostels";
  return [ROLE_WORDS[role], hostel, room && `room ${room}`].filter(Boolean).join(", ");
}

/** "Asha Verma" as "AV". */
export function initials(name: string): string {
  return name
    .split(" ")
    .map((part) => part[0])
    .join("");
}
