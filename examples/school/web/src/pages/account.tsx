import { Field } from "example-kit/web/parts/field.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { send } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";
import type { TokenAnswer } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { useAct } from "../parts/use-act.ts";
import { usePerson, useSession } from "../session.tsx";
import { ROLE_WORDS, clockOf } from "../words.ts";

/** Who one is, and what one's sign-ins are worth. */
export function AccountPage() {
  const { name, role, post } = usePerson();
  const { reload } = useSession();
  const { busy, act } = useAct();
  async function leaveEverywhere(): Promise<void> {
    if (!busy && (await act("DELETE", "/api/sessions"))) reload();
  }
  return (
    <>
      <PageHead title="Account" note={`${name}, ${post ?? ROLE_WORDS[role]}`} />
      <div className="board">
        <Card title="Signed in" span={5}>
          <p>
            This page is known by a token that is good for a quarter of an hour and renews itself. Signing out
            gives it back: nobody can use it from then on, on no server.
          </p>
          <p>
            <button
              type="button"
              className="button"
              aria-disabled={busy}
              onClick={() => void leaveEverywhere()}
            >
              Sign out everywhere
            </button>
          </p>
        </Card>
        <Card title="A token for a program" span={7}>
          <TokenForm />
        </Card>
      </div>
    </>
  );
}

function TokenForm() {
  const [token, setToken] = useState<TokenAnswer>();
  const [trouble, setTrouble] = useState<string>();
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.currentTarget));
    try {
      setToken(
        await send<TokenAnswer>((path, init) => fetch(path, init), {
          method: "POST",
          path: "/api/tokens",
          body,
        }),
      );
      setTrouble(undefined);
    } catch (error) {
      setTrouble((error as Error).message);
    }
  }
  if (token) {
    return (
      <>
        <p>
          Good until {clockOf(new Date(token.expiresAt).toISOString())}. It is shown this once.{" "}
          <code>DELETE /api/tokens</code> gives it back.
        </p>
        <textarea
          aria-label="Token"
          className="token"
          readOnly
          rows={5}
          value={`Authorization: Bearer ${token.token}`}
        />
      </>
    );
  }
  return (
    <form className="form" onSubmit={submit}>
      <div className="form-row">
        <Field label="E-mail">
          {(control) => <input {...control} name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label="Password">
          {(control) => (
            <input {...control} name="password" type="password" autoComplete="current-password" required />
          )}
        </Field>
      </div>
      {trouble && (
        <p className="form-error" role="alert">
          {trouble}
        </p>
      )}
      <p>
        <button type="submit" className="button">
          Make a token for an hour
        </button>
      </p>
    </form>
  );
}
