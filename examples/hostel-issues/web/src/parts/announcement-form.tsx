import { useState } from "react";
import type { FormEvent } from "react";
import type { Hostel } from "../../../src/answers.ts";
import { ALL_HOSTELS } from "../../../src/vocabulary.ts";
import { useSend } from "example-kit/web/live.ts";
import type { Refusal } from "example-kit/web/request.ts";
import { usePerson } from "../session.tsx";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";

/** The dialog in which an announcement is written. Management may address every hostel at once. */
export function AnnouncementForm({ hostel, onClose }: { hostel: Hostel; onClose: () => void }) {
  const send = useSend();
  const person = usePerson();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const { to = hostel.id, ...values } = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    try {
      await send("POST", `/api/hostels/${to as string}/announcements`, values);
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  const fields = refusal?.fields ?? {};
  return (
    <Dialog title="Announce something" onClose={onClose}>
      <form className="form" onSubmit={submit}>
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
        <Field label="Title" error={fields["title"]}>
          {(control) => <input {...control} name="title" required minLength={4} maxLength={120} data-first />}
        </Field>
        <Field label="What should people know?" error={fields["body"]}>
          {(control) => <textarea {...control} name="body" required rows={5} maxLength={2000} />}
        </Field>
        <FormFoot words="Announce it" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
