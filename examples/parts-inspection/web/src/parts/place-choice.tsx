import { Field } from "example-kit/web/parts/field.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import type { Line, Machine, Named, Process } from "../../../src/answers.ts";
import { inUse } from "../plant.ts";

/** Where an audit is made; what is not chosen yet is `undefined`. */
export interface Place {
  readonly lineId?: number | undefined;
  readonly machineId?: number | undefined;
  readonly processId?: number | undefined;
}

export interface PlaceChoiceProps {
  readonly plant: {
    readonly lines: readonly Line[];
    readonly machines: readonly Machine[];
    readonly processes: readonly Process[];
  };
  readonly place: Place;
  readonly errors: Refusal["fields"];
  readonly onChoose: (place: Place) => void;
}

/** Line, then a machine of the line, then a process of the machine. Where there is one only, it is chosen already. */
export function PlaceChoice({ plant, place, errors, onChoose }: PlaceChoiceProps) {
  const machinesOf = (lineId: number | undefined) =>
    inUse(plant.machines).filter((one) => one.lineId === lineId);
  const processesOf = (machineId: number | undefined) => {
    const does = plant.machines.find(({ id }) => id === machineId)?.processIds ?? [];
    return inUse(plant.processes).filter(({ id }) => does.includes(id));
  };
  function chooseMachine(lineId: number | undefined, machineId: number | undefined): void {
    onChoose({ lineId, machineId, processId: onlyOf(processesOf(machineId)) });
  }
  return (
    <div className="form-row">
      <Choice
        label="Line"
        among={inUse(plant.lines)}
        value={place.lineId}
        error={errors["lineId"]}
        onChoose={(lineId) => chooseMachine(lineId, onlyOf(machinesOf(lineId)))}
      />
      <Choice
        label="Machine"
        among={machinesOf(place.lineId)}
        waits={place.lineId === undefined && "Choose a line first"}
        value={place.machineId}
        error={errors["machineId"]}
        onChoose={(machineId) => chooseMachine(place.lineId, machineId)}
      />
      <Choice
        label="Process"
        among={processesOf(place.machineId)}
        waits={place.machineId === undefined && "Choose a machine first"}
        value={place.processId}
        error={errors["processId"]}
        onChoose={(processId) => onChoose({ ...place, processId })}
      />
    </div>
  );
}

function onlyOf(places: readonly Named[]): number | undefined {
  return places.length === 1 ? places[0]!.id : undefined;
}

interface ChoiceProps {
  readonly label: string;
  readonly among: readonly Named[];
  /** What it waits for. */
  readonly waits?: string | false;
  readonly value: number | undefined;
  readonly error: string | undefined;
  readonly onChoose: (id: number | undefined) => void;
}

function Choice({ label, among, waits, value, error, onChoose }: ChoiceProps) {
  const hint = !waits && among.length === 0 ? "There is none in use." : undefined;
  return (
    <Field label={label} error={error} {...(hint && { hint })}>
      {(control) => (
        <select
          {...control}
          required
          disabled={Boolean(waits)}
          value={value ?? ""}
          onChange={(event) => onChoose(Number(event.target.value) || undefined)}
        >
          <option value="">{waits || "Please choose"}</option>
          {among.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
