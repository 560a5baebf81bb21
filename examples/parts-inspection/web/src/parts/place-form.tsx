import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import type { Line, Machine, Process } from "../../../src/answers.ts";
import type { PlaceKind } from "../../../src/vocabulary.ts";
import { inUse } from "../plant.ts";
import type { PlaceChoiceProps } from "./place-choice.tsx";

const NOUNS: Readonly<Record<PlaceKind, string>> = {
  lines: "line",
  machines: "machine",
  processes: "process",
};

export interface PlaceFormProps {
  readonly kind: PlaceKind;
  /** What is changed; absent for a new one. */
  readonly place?: Line & Partial<Machine & Process>;
  readonly plant: PlaceChoiceProps["plant"];
  readonly onClose: () => void;
}

/** The dialog in which a line, a machine or a process is added or changed. */
export function PlaceForm({ kind, place, plant, onClose }: PlaceFormProps) {
  const send = useSend();

  async function write(form: FormData): Promise<void> {
    const values = valuesOf(kind, form);
    if (place) await send("PATCH", `/api/${kind}/${place.id}`, values);
    else await send("POST", `/api/${kind}`, values);
  }

  return (
    <DialogForm
      title={place ? `Change ${place.name}` : `Add a ${NOUNS[kind]}`}
      words={place ? "Save" : "Add it"}
      write={write}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field label="Name" error={errors["name"]}>
            {(control) => (
              <input
                {...control}
                name="name"
                required
                minLength={2}
                maxLength={60}
                defaultValue={place?.name}
                data-first
              />
            )}
          </Field>
          {kind === "machines" && <MachineFields place={place} plant={plant} errors={errors} />}
          {kind === "processes" && (
            <Field
              label="Questions, one in each line"
              hint="Each is answered with pass or fail."
              error={firstOf(errors, "questions")}
            >
              {(control) => (
                <textarea
                  {...control}
                  name="questions"
                  required
                  rows={7}
                  defaultValue={place?.questions?.join("\n")}
                />
              )}
            </Field>
          )}
        </>
      )}
    </DialogForm>
  );
}

interface MachineFieldsProps {
  readonly place: Partial<Machine> | undefined;
  readonly plant: PlaceFormProps["plant"];
  readonly errors: Refusal["fields"];
}

function MachineFields({ place, plant, errors }: MachineFieldsProps) {
  return (
    <>
      <Field label="Line" error={errors["lineId"]}>
        {(control) => (
          <select {...control} name="lineId" defaultValue={place?.lineId}>
            {inUse(plant.lines).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset className="ticks">
        <legend>What it does</legend>
        {inUse(plant.processes).map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              name="processIds"
              value={id}
              defaultChecked={place?.processIds?.includes(id)}
            />
            {name}
          </label>
        ))}
        {firstOf(errors, "processIds") && <p className="field-error">{firstOf(errors, "processIds")}</p>}
      </fieldset>
    </>
  );
}

/** What the server expects of each kind. */
function valuesOf(kind: PlaceKind, form: FormData): unknown {
  const name = String(form.get("name"));
  if (kind === "lines") return { name };
  if (kind === "machines") {
    return { name, lineId: Number(form.get("lineId")), processIds: form.getAll("processIds").map(Number) };
  }
  const questions = String(form.get("questions"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return { name, questions };
}

/** What is wrong with a list, or with something in it. */
function firstOf(errors: Refusal["fields"], name: string): string | undefined {
  return Object.entries(errors).find(([field]) => field === name || field.startsWith(`${name}.`))?.[1];
}
