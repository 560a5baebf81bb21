import { useState } from "react";
import type { FormEvent } from "react";
import { DEMO_HOSTELS, DEMO_PEOPLE } from "../../../src/demo-people.ts";
import type { DemoPerson } from "../../../src/demo-people.ts";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

/** Signing in: with an address and a password, or as one of the demonstration's people. */
export function SignInPage() {
  const { signIn } = useSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function attempt(address: string, secret: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    setTrouble(undefined);
    try {
      await signIn(address, secret);
    } catch (error) {
      setTrouble((error as Error).message);
      setBusy(false);
    }
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void attempt(email, password);
  }
  function pick(person: DemoPerson): void {
    setEmail(person.email);
    setPassword(person.password);
    void attempt(person.email, person.password);
  }

  return (
    <main className="sign-in" id="main">
      <section className="sign-in-intro">
        <p className="brand">
          <span className="brand-mark">
            <Icon name="house" />
          </span>
          Hostel Desk
        </p>
        <h1>What is broken, and what becomes of it.</h1>
        <p>
          Students report, wardens mend, management sees the whole. Every page keeps itself up to date: open a
          second window, sign in as somebody else, and watch.
        </p>
      </section>
      <section className="sign-in-ways">
        <section className="sign-in-demo" aria-labelledby="demo-people">
          <h2 id="demo-people">Try it as</h2>
          <ul>
            {DEMO_PEOPLE.map((person) => (
              <li key={person.id}>
                <button
                  type="button"
                  className={`demo-person role-${person.role}`}
                  aria-disabled={busy}
                  onClick={() => pick(person)}
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
          <p className="sign-in-passwords">
            Passwords of the demonstration: <code>demo-student</code>, <code>demo-warden</code>,{" "}
            <code>demo-management</code>.
          </p>
        </section>
        <form className="sign-in-form" onSubmit={submit}>
          <h2>Or sign in by e-mail</h2>
          <Field label="E-mail">
            {(control) => (
              <input
                {...control}
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          {trouble && (
            <p className="form-error" role="alert">
              {trouble}
            </p>
          )}
          <button type="submit" className="button button-main" aria-disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
        </form>
      </section>
    </main>
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
