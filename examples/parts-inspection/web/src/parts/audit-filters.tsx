import { Link, go, usePlace, withQuery } from "example-kit/web/router.tsx";
import type { AuditsAnswer } from "../../../src/answers.ts";
import { RESULTS } from "../../../src/vocabulary.ts";
import type { Result } from "../../../src/vocabulary.ts";
import { usePlant } from "../plant.ts";
import { RESULT_WORDS } from "../words.ts";

export interface AuditFiltersProps {
  readonly result: Result | undefined;
  readonly counts: AuditsAnswer["counts"] | undefined;
}

/** Which audits to list: by result, line, and machine of the line. The choice is in the address. */
export function AuditFilters({ result, counts }: AuditFiltersProps) {
  const place = usePlace();
  const { data } = usePlant();
  const line = place.query.get("line") ?? "";
  const machines = data?.machines.filter(({ lineId }) => line === "" || String(lineId) === line) ?? [];
  return (
    <div className="filters">
      <nav className="tabs" aria-label="Result">
        {[undefined, ...RESULTS].map((one) => (
          <Link
            key={one ?? "all"}
            href={withQuery(place, { result: one })}
            aria-current={one === result ? "true" : undefined}
          >
            {one ? RESULT_WORDS[one] : "All"}
            {counts && <span className="tab-count">{one ? counts[one] : counts.passed + counts.failed}</span>}
          </Link>
        ))}
      </nav>
      <div className="choices">
        <Choice
          label="Line"
          every="Every line"
          value={line}
          among={data?.lines ?? []}
          onChoose={(chosen) => go(withQuery(place, { line: chosen, machine: undefined }))}
        />
        <Choice
          label="Machine"
          every="Every machine"
          value={place.query.get("machine") ?? ""}
          among={machines}
          onChoose={(chosen) => go(withQuery(place, { machine: chosen }))}
        />
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly every: string;
  readonly value: string;
  readonly among: readonly { readonly id: number; readonly name: string }[];
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, every, value, among, onChoose }: ChoiceProps) {
  return (
    <label className="choice">
      <span className="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => onChoose(event.target.value || undefined)}>
        <option value="">{every}</option>
        {among.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
