import { useState } from "react";
import type { FormEvent } from "react";
import type { Hostel, IssueWritten } from "../../../src/answers.ts";
import { CATEGORIES, PRIORITIES } from "../../../src/vocabulary.ts";
import { useSend } from "example-kit/web/live.ts";
import type { Refusal } from "example-kit/web/request.ts";
import { CATEGORY_WORDS, PRIORITY_WORDS } from "../words.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";

/** The dialog in which an issue is reported. */
export function IssueForm({ hostel, onClose }: { hostel: Hostel; onClose: () => void }) {
  const send = useSend();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    const values = Object.fromEntries(new FormData(form));
    setBusy(true);
    try {
      const { issue } = await send<IssueWritten>("POST", "/api/issues", { ...values, hostelId: hostel.id });
      toast({ title: "Reported", body: `#${issue.id} ${issue.title}`, icon: "check" });
      onClose();
    } catch (error) {
      const found = error as Refusal;
      setRefusal(found);
      setBusy(false);
      const [firstField] = Object.keys(found.fields);
      if (firstField) (form.elements.namedItem(firstField) as HTMLElement | null)?.focus();
    }
  }

  return (
    <Dialog title={`Report an issue in ${hostel.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <IssueFields errors={refusal?.fields ?? {}} />
        <FormFoot words="Report it" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function IssueFields({ errors }: { errors: Refusal["fields"] }) {
  return (
    <>
      <Field label="What is wrong?" error={errors["title"]}>
        {(control) => (
          <input
            {...control}
            name="title"
            required
            minLength={4}
            maxLength={120}
            data-first
            placeholder="Kitchen tap drips all night"
          />
        )}
      </Field>
      <div className="form-row">
        <Field label="Where?" error={errors["place"]}>
          {(control) => (
            <input {...control} name="place" required maxLength={80} placeholder="Kitchen, 2nd floor" />
          )}
        </Field>
        <Field label="Kind" error={errors["category"]}>
          {(control) => (
            <select {...control} name="category">
              {CATEGORIES.map((category) => (
                <option key={category} value={category}>
                  {CATEGORY_WORDS[category]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <fieldset className="segments">
        <legend>How pressing is it?</legend>
        {PRIORITIES.map((priority) => (
          <label key={priority}>
            <input type="radio" name="priority" value={priority} defaultChecked={priority === "normal"} />
            <span>{PRIORITY_WORDS[priority]}</span>
          </label>
        ))}
      </fieldset>
      <Field
        label="Anything that helps (optional)"
        hint="What happens, since when, who can let the plumber in."
        error={errors["description"]}
      >
        {(control) => <textarea {...control} name="description" rows={4} maxLength={2000} />}
      </Field>
    </>
  );
}
