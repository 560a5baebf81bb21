import { useSend, wordsFor } from "example-kit/web/live.ts";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { countOf } from "example-kit/web/words.ts";
import { useState } from "react";
import type { Line, Machine, Process } from "../../../src/answers.ts";
import type { PlaceKind } from "../../../src/vocabulary.ts";
import { PlaceForm } from "../parts/place-form.tsx";
import { inUse, usePlant } from "../plant.ts";

type Plant = NonNullable<ReturnType<typeof usePlant>["data"]>;

const WORDS: Readonly<Record<PlaceKind, { readonly title: string; readonly add: string }>> = {
  lines: { title: "Lines", add: "Add a line" },
  machines: { title: "Machines", add: "Add a machine" },
  processes: { title: "Processes", add: "Add a process" },
};

/** What is being written: a new thing of a kind, or one that is there. */
interface Writing {
  readonly kind: PlaceKind;
  readonly place?: Line | Machine | Process;
}

/** Lines, machines and processes: add them, change them, take them out of use. */
export function PlantPage() {
  const { data: plant, error, refetch } = usePlant();
  const [writing, setWriting] = useState<Writing>();
  return (
    <>
      <PageHead
        title="Plant"
        note="What audits are about. What is taken out of use stays in the audits that it has."
      />
      {!plant && !error && <Skeleton rows={3} height={180} />}
      {!plant && error && <Trouble what="The plant" words={wordsFor(error)} onRetry={refetch} />}
      {plant && (
        <div className="plant">
          <Places
            kind="lines"
            places={plant.lines}
            noteOf={(line) => lineNote(plant, line)}
            onWrite={setWriting}
          />
          <Places
            kind="machines"
            places={plant.machines}
            noteOf={(machine) => machineNote(plant, machine)}
            onWrite={setWriting}
          />
          <Places
            kind="processes"
            places={plant.processes}
            noteOf={({ questions }) => countOf(questions.length, "question")}
            onWrite={setWriting}
          />
        </div>
      )}
      {plant && writing && <PlaceForm {...writing} plant={plant} onClose={() => setWriting(undefined)} />}
    </>
  );
}

function lineNote({ machines }: Plant, line: Line): string {
  const its = inUse(machines).filter(({ lineId }) => lineId === line.id);
  return its.length === 0 ? "no machine" : countOf(its.length, "machine");
}

function machineNote({ lines, processes }: Plant, { lineId, processIds }: Machine): string {
  const does = processes.filter(({ id }) => processIds.includes(id)).map(({ name }) => name);
  return `${lines.find(({ id }) => id === lineId)?.name}: ${does.join(", ")}`;
}

interface PlacesProps<T> {
  readonly kind: PlaceKind;
  readonly places: readonly T[];
  readonly noteOf: (place: T) => string;
  readonly onWrite: (writing: Writing) => void;
}

function Places<T extends Line & Partial<Machine & Process>>({
  kind,
  places,
  noteOf,
  onWrite,
}: PlacesProps<T>) {
  const { title, add } = WORDS[kind];
  const sorted = places.toSorted((a, b) => Number(a.retired) - Number(b.retired));
  return (
    <section className={`card plant-${kind}`} aria-labelledby={kind}>
      <div className="card-head">
        <h2 id={kind}>
          {title} <span className="card-count">{inUse(places).length}</span>
        </h2>
        <button type="button" className="button button-step" onClick={() => onWrite({ kind })}>
          <Icon name="plus" size={18} /> {add}
        </button>
      </div>
      <ul className="places">
        {sorted.map((place) => (
          <li key={place.id} className={place.retired ? "place place-retired" : "place"}>
            <div className="place-text">
              <strong>{place.name}</strong>
              <span>{place.retired ? "out of use" : noteOf(place)}</span>
            </div>
            {!place.retired && (
              <button
                type="button"
                className="button-icon"
                aria-label={`Change ${place.name}`}
                title="Change"
                onClick={() => onWrite({ kind, place })}
              >
                <Icon name="pencil" size={18} />
              </button>
            )}
            <RetireButton kind={kind} place={place} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RetireButton({ kind, place }: { kind: PlaceKind; place: Line }) {
  const send = useSend();
  const toast = useToast();
  const words = place.retired ? "Use again" : "Retire";
  function change(): void {
    send("PATCH", `/api/${kind}/${place.id}`, { retired: !place.retired }).catch((error: Error) =>
      toast({ title: `${place.name} was not changed`, body: error.message, icon: "alert" }),
    );
  }
  return (
    <button type="button" className="button button-step" onClick={change}>
      {words}
      <span className="visually-hidden"> {place.name}</span>
    </button>
  );
}
