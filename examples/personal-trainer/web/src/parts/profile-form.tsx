import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { UNITS } from "../../../src/vocabulary.ts";
import type { Unit } from "../../../src/vocabulary.ts";
import { usePreferences } from "../preferences.tsx";
import { usePerson } from "../session.tsx";

/** The dialog for who one is, and how one likes it. */
export function ProfileForm({ onClose }: { onClose: () => void }) {
  const { name, about, weeklyTarget, role } = usePerson();
  const { preferences, save } = usePreferences();
  const send = useSend();

  async function write(values: FormData): Promise<void> {
    await send("PUT", "/api/profile", {
      name: values.get("name"),
      about: values.get("about"),
      weeklyTarget: Number(values.get("weeklyTarget")),
    });
    await save({ unit: values.get("unit") as Unit });
  }

  return (
    <DialogForm title="Your profile" words="Save" write={write} onClose={onClose}>
      {(errors) => (
        <>
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
        </>
      )}
    </DialogForm>
  );
}
