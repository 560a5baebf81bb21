import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";
import { UNITS } from "../../../src/vocabulary.ts";
import type { Unit } from "../../../src/vocabulary.ts";
import { usePreferences } from "../preferences.tsx";
import { usePerson } from "../session.tsx";

/** The dialog for who one is, and how one likes it. */
export function ProfileForm({ onClose }: { onClose: () => void }) {
  const { name, about, weeklyTarget, role } = usePerson();
  const { preferences, save } = usePreferences();
  const send = useSend();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const errors = refusal?.fields ?? {};

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await send("PUT", "/api/profile", {
        name: values.get("name"),
        about: values.get("about"),
        weeklyTarget: Number(values.get("weeklyTarget")),
      });
      await save({ unit: values.get("unit") as Unit });
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  return (
    <Dialog title="Your profile" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label="Your name" error={errors["name"]}>
          {(control) => (
            <input
              {...control}
              name="name"
              required
              minLength={2}
              maxLength={60}
              defaultValue={name}
              data-first
            />
          )}
        </Field>
        <Field
          label={role === "member" ? "What you want to reach" : "What you teach"}
          error={errors["about"]}
        >
          {(control) => <input {...control} name="about" maxLength={160} defaultValue={about} />}
        </Field>
        <Field
          label="Workouts a week"
          hint="A week counts for the streak when you have met this."
          error={errors["weeklyTarget"]}
        >
          {(control) => (
            <input
              {...control}
              name="weeklyTarget"
              type="number"
              inputMode="numeric"
              min={1}
              max={14}
              required
              defaultValue={weeklyTarget}
            />
          )}
        </Field>
        <fieldset className="segments">
          <legend>Weights in</legend>
          {UNITS.map((unit) => (
            <label key={unit}>
              <input type="radio" name="unit" value={unit} defaultChecked={unit === preferences.unit} />
              <span>{unit === "kg" ? "Kilograms" : "Pounds"}</span>
            </label>
          ))}
        </fieldset>
        <FormFoot words="Save" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
