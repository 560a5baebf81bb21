import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";

/** The dialog in which the front desk notes a visitor. */
export function VisitorForm({ onClose }: { onClose: () => void }) {
  const send = useSend();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    try {
      await send("POST", "/api/visitors", values);
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  const fields = refusal?.fields ?? {};
  return (
    <Dialog title="Somebody is here" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label="Who is it?" error={fields["name"]}>
          {(control) => <input {...control} name="name" required minLength={2} maxLength={80} data-first />}
        </Field>
        <Field label="Whom do they see?" error={fields["sees"]}>
          {(control) => <input {...control} name="sees" required minLength={2} maxLength={80} />}
        </Field>
        <FormFoot words="Let them in" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
