import { useEffect, useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { useApp } from "../app.tsx";
import { initials } from "../words.ts";
import { Brand } from "./brand.tsx";
import { Field } from "./field.tsx";

/** One of the demonstration's people, as the sign-in page offers them. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Who that is, in a few words. */
  readonly words: string;
  readonly className?: string;
}

export interface SignInProps {
  readonly title: string;
  readonly intro: string;
  readonly people: readonly DemoPerson[];
  /** What addresses and passwords look like in the demonstration. */
  readonly hints: { readonly email: string; readonly password: string };
  readonly signIn: (email: string, password: string) => Promise<void>;
  /** Stands below the form: what to do without a password, say. */
  readonly children?: ReactNode;
}

/** Signing in: as one of the demonstration's people, or with an address and a password. */
export function SignIn({ title, intro, people, hints, signIn, children }: SignInProps) {
  const { name } = useApp();
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `Sign in · ${name}`;
  }, [name]);

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
        <h1>{title}</h1>
        <p>{intro}</p>
      </section>
      <section className="sign-in-ways">
        {trouble && (
          <p className="form-error" role="alert">
            {trouble}
          </p>
        )}
        <DemoPeople
          people={people}
          busy={busy}
          onPick={({ email, password }) => void attempt(email, password)}
        />
        <SignInForm hints={hints} busy={busy} onSubmit={(email, password) => void attempt(email, password)} />
        {children}
      </section>
    </main>
  );
}

interface DemoPeopleProps {
  readonly people: readonly DemoPerson[];
  readonly busy: boolean;
  readonly onPick: (person: DemoPerson) => void;
}

function DemoPeople({ people, busy, onPick }: DemoPeopleProps) {
  return (
    <section className="sign-in-demo" aria-labelledby="demo-people">
      <h2 id="demo-people">Try it as</h2>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className={`demo-person ${person.className ?? ""}`}
              aria-disabled={busy}
              onClick={() => onPick(person)}
            >
              <span className="avatar" aria-hidden="true">
                {initials(person.name)}
              </span>
              <span className="demo-person-text">
                <strong>{person.name}</strong>
                <span>{person.words}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SignInFormProps {
  readonly hints: SignInProps["hints"];
  readonly busy: boolean;
  readonly onSubmit: (email: string, password: string) => void;
}

function SignInForm({ hints, busy, onSubmit }: SignInFormProps) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    onSubmit(String(values.get("email")), String(values.get("password")));
  }
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <h2>Or sign in by e-mail</h2>
      <Field label="E-mail" hint={hints.email}>
        {(control) => <input {...control} name="email" type="email" autoComplete="username" required />}
      </Field>
      <Field label="Password" hint={hints.password}>
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
