import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { go } from "example-kit/web/router.tsx";
import type { ClassToday } from "../../../src/answers.ts";

export interface AssessmentFormProps {
  readonly classes: readonly ClassToday[];
  readonly onClose: () => void;
}

/** The dialog in which something to be graded is set up; then its grades are entered. */
export function AssessmentForm({ classes, onClose }: AssessmentFormProps) {
  const send = useSend();

  async function write(values: FormData): Promise<void> {
    const { id } = await send<{ id: number }>("POST", "/api/assessments", Object.fromEntries(values));
    go(`/assessments/${id}`);
  }

  return (
    <DialogForm title="Something to grade" words="Enter the grades" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <Field label="What was it?" hint="Unit test, project, oral work…" error={errors["title"]}>
            {(control) => (
              <input {...control} name="title" required minLength={3} maxLength={80} data-first />
            )}
          </Field>
          <Field label="Which class?" error={errors["classId"]}>
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
        </>
      )}
    </DialogForm>
  );
}
