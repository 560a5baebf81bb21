import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { send } from "example-kit/web/request.ts";
import type { Refusal } from "example-kit/web/request.ts";
import { useSubmit } from "example-kit/web/use-submit.ts";
import { useState } from "react";

const plainFetch = (path: string, init?: RequestInit): Promise<Response> => fetch(path, init);

type Step = "ask" | "use" | "done";

/** A new password in two steps: ask for a code, and use it. */
export function ResetForm({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>("ask");
  const { submit, busy, refusal } = useSubmit(async (values) => {
    const text = (name: string): string => String(values.get(name) ?? "").trim();
    const path = step === "ask" ? "/api/reset" : `/api/reset/${encodeURIComponent(text("code"))}`;
    const body = step === "ask" ? { email: text("email") } : { password: String(values.get("password")) };
    await send(plainFetch, { method: "POST", path, body });
    setStep(step === "ask" ? "use" : "done");
  });

  return (
    <Dialog title="A new password" onClose={onClose}>
      {step === "done" ? (
        <p className="form-good" role="status">
          Your new password is set, and every other session of yours has ended. Sign in with it.
        </p>
      ) : (
        <form key={step} className="form" onSubmit={submit}>
          {step === "ask" ? <AskFields /> : <UseFields refusal={refusal} />}
          <FormFoot
            words={step === "ask" ? "Send me a code" : "Set the password"}
            busy={busy}
            refusal={refusal}
            onCancel={onClose}
          />
        </form>
      )}
    </Dialog>
  );
}

function AskFields() {
  return (
    <Field
      label="Your e-mail"
      hint="We send a code that is good for 15 minutes. The demonstration writes it to the server's log."
    >
      {(control) => (
        <input {...control} name="email" type="email" autoComplete="username" required data-first />
      )}
    </Field>
  );
}

function UseFields({ refusal }: { refusal: Refusal | undefined }) {
  return (
    <>
      <Field label="The code" hint="If this account exists, it is on its way.">
        {(control) => <input {...control} name="code" autoComplete="one-time-code" required data-first />}
      </Field>
      <Field label="Your new password" hint="At least 8 characters." error={refusal?.fields["password"]}>
        {(control) => (
          <input
            {...control}
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={8}
          />
        )}
      </Field>
    </>
  );
}
