import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";

/** The dialog in which the front desk notes a visitor. */
export function VisitorForm({ onClose }: { onClose: () => void }) {
  const send = useSend();

  const write = (values: FormData) => send("POST", "/api/visitors", Object.fromEntries(values));

  return (
    <DialogForm title="Somebody is here" words="Let them in" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <Field label="Who is it?" error={errors["name"]}>
            {(control) => <input {...control} name="name" required minLength={2} maxLength={80} data-first />}
          </Field>
          <Field label="Whom do they see?" error={errors["sees"]}>
            {(control) => <input {...control} name="sees" required minLength={2} maxLength={80} />}
          </Field>
        </>
      )}
    </DialogForm>
  );
}
