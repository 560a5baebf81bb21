import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useState } from "react";
import type { HazardWritten } from "../../../src/answers.ts";
import { toSpot } from "../../../src/city/geometry.ts";
import type { Place } from "../../../src/city/geometry.ts";
import { HAZARD_KINDS } from "../../../src/vocabulary.ts";
import { useCity } from "../city.tsx";
import { HAZARD_WORDS } from "../words.ts";

export interface HazardFormProps {
  readonly place: Place;
  /** How that place was found. */
  readonly words: string;
  readonly onClose: () => void;
}

/** The dialog in which somebody says what lies in the way. */
export function HazardForm({ place, words, onClose }: HazardFormProps) {
  const send = useSend();
  const toast = useToast();
  const city = useCity();
  // As of the moment at which the dialog was opened: one drives on meanwhile.
  const [there] = useState(place);
  const street = city.nearest(toSpot(there))?.street;

  async function write(form: FormData): Promise<void> {
    const values = { ...Object.fromEntries(form), ...there };
    const { hazard } = await send<HazardWritten>("POST", "/api/hazards", values);
    toast({
      title: "Reported",
      body: `${HAZARD_WORDS[hazard.kind]}${hazard.street ? `, ${hazard.street}` : ""}. Whoever is near is warned.`,
      icon: "check",
    });
  }

  return (
    <DialogForm title="Report a hazard" words="Report it" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <p className="hazard-where">
            {words}: <strong>{street ?? "beside the road"}</strong>
          </p>
          <fieldset className="segments">
            <legend>What is it?</legend>
            {HAZARD_KINDS.map((kind, index) => (
              <label key={kind}>
                <input
                  type="radio"
                  name="kind"
                  value={kind}
                  defaultChecked={index === 0}
                  data-first={index === 0 || undefined}
                />
                <span>{HAZARD_WORDS[kind]}</span>
              </label>
            ))}
          </fieldset>
          <Field label="Anything that helps (optional)" error={errors["note"]}>
            {(control) => (
              <input {...control} name="note" maxLength={200} placeholder="Left lane, behind the bridge" />
            )}
          </Field>
        </>
      )}
    </DialogForm>
  );
}
