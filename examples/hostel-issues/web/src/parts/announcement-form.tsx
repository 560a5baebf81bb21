import type { Hostel } from "../../../src/answers.ts";
import { ALL_HOSTELS } from "../../../src/vocabulary.ts";
import { useSend } from "example-kit/web/live.ts";
import { usePerson } from "../session.tsx";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";

/** The dialog in which an announcement is written. Management may address every hostel at once. */
export function AnnouncementForm({ hostel, onClose }: { hostel: Hostel; onClose: () => void }) {
  const send = useSend();
  const person = usePerson();

  async function write(form: FormData): Promise<void> {
    const { to = hostel.id, ...values } = Object.fromEntries(form);
    await send("POST", `/api/hostels/${to as string}/announcements`, values);
  }

  return (
    <DialogForm title="Announce something" words="Announce it" write={write} onClose={onClose}>
      {(errors) => (
        <>
          {person.role === "management" && (
            <fieldset className="segments">
              <legend>To whom?</legend>
              <label>
                <input type="radio" name="to" value={hostel.id} defaultChecked />
                <span>{hostel.name}</span>
              </label>
              <label>
                <input type="radio" name="to" value={ALL_HOSTELS} />
                <span>Every hostel</span>
              </label>
            </fieldset>
          )}
          <Field label="Title" error={errors["title"]}>
            {(control) => (
              <input {...control} name="title" required minLength={4} maxLength={120} data-first />
            )}
          </Field>
          <Field label="What should people know?" error={errors["body"]}>
            {(control) => <textarea {...control} name="body" required rows={5} maxLength={2000} />}
          </Field>
        </>
      )}
    </DialogForm>
  );
}
