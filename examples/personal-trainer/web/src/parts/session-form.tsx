import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";

const DAY_MS = 86_400_000;

/** The dialog in which a trainer announces a session to all clients. */
export function SessionForm({ onClose }: { onClose: () => void }) {
  const send = useSend();
  const toast = useToast();

  async function write(form: FormData): Promise<void> {
    const { startsAt, ...values } = Object.fromEntries(form);
    const moment = new Date(String(startsAt)).toISOString();
    await send("POST", "/api/group-sessions", { ...values, startsAt: moment });
    toast({ title: "Announced", body: "All of your clients have been told.", icon: "megaphone" });
  }

  return (
    <DialogForm title="Announce a session" words="Announce it" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <Field label="What is it?" error={errors["title"]}>
            {(control) => (
              <input
                {...control}
                name="title"
                required
                minLength={3}
                maxLength={80}
                placeholder="Barbell basics"
                data-first
              />
            )}
          </Field>
          <div className="form-row">
            <Field label="When?" error={errors["startsAt"]}>
              {(control) => (
                <input
                  {...control}
                  name="startsAt"
                  type="datetime-local"
                  required
                  defaultValue={tomorrowEvening()}
                />
              )}
            </Field>
            <Field label="Where?" error={errors["place"]}>
              {(control) => (
                <input {...control} name="place" required maxLength={80} placeholder="Platform 2" />
              )}
            </Field>
          </div>
          <Field label="Anything else (optional)" error={errors["note"]}>
            {(control) => <textarea {...control} name="note" rows={3} maxLength={500} />}
          </Field>
        </>
      )}
    </DialogForm>
  );
}

/** Tomorrow at six, as the field wants it: in the reader's time, without a zone. */
function tomorrowEvening(): string {
  const day = new Date(Date.now() + DAY_MS);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T18:00`;
}
