import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { go } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { FormEvent } from "react";
import type { ClassToday } from "../../../src/answers.ts";

export interface AssessmentFormProps {
  readonly classes: readonly ClassToday[];
  readonly onClose: () => void;
}

/** The dialog in which something to be graded is set up; then its grades are entered. */
export function AssessmentForm({ classes, onClose }: AssessmentFormProps) {
  const send = useSend();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    try {
      const { id } = await send<{ id: number }>("POST", "/api/assessments", values);
      onClose();
      go(`/assessments/${id}`);
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  const fields = refusal?.fields ?? {};
  return (
    <Dialog title="Something to grade" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label="What was it?" hint="Unit test, project, oral work…" error={fields["title"]}>
          {(control) => <input {...control} name="title" required minLength={3} maxLength={80} data-first />}
        </Field>
        <Field label="Which class?" error={fields["classId"]}>
          {(control) => (
            <select {...control} name="classId">
              {classes.map(({ id, name }) => (
                <option key={id} value={id}>
                  Class {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormFoot words="Enter the grades" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
