import type { Hostel, IssueWritten } from "../../../src/answers.ts";
import { CATEGORIES, PRIORITIES } from "../../../src/vocabulary.ts";
import { useSend } from "example-kit/web/live.ts";
import type { Refusal } from "example-kit/web/request.ts";
import { CATEGORY_WORDS, PRIORITY_WORDS } from "../words.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";

/** The dialog in which an issue is reported. */
export function IssueForm({ hostel, onClose }: { hostel: Hostel; onClose: () => void }) {
  const send = useSend();
  const toast = useToast();

  async function write(form: FormData): Promise<void> {
    const values = { ...Object.fromEntries(form), hostelId: hostel.id };
    const { issue } = await send<IssueWritten>("POST", "/api/issues", values);
    toast({ title: "Reported", body: `#${issue.id} ${issue.title}`, icon: "check" });
  }

  return (
    <DialogForm title={`Report an issue in ${hostel.name}`} words="Report it" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <IssueFields errors={errors} />
        </>
      )}
    </DialogForm>
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
