import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";
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
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const street = city.nearest(toSpot(there))?.street;

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    try {
      const { hazard } = await send<HazardWritten>("POST", "/api/hazards", { ...values, ...there });
      toast({
        title: "Reported",
        body: `${HAZARD_WORDS[hazard.kind]}${hazard.street ? `, ${hazard.street}` : ""}. Whoever is near is warned.`,
        icon: "check",
      });
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  return (
    <Dialog title="Report a hazard" onClose={onClose}>
      <form className="form" onSubmit={submit}>
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
        <Field label="Anything that helps (optional)" error={refusal?.fields["note"]}>
          {(control) => (
            <input {...control} name="note" maxLength={200} placeholder="Left lane, behind the bridge" />
          )}
        </Field>
        <FormFoot words="Report it" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
