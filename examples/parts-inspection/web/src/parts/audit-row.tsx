import { Ago } from "example-kit/web/parts/ago.tsx";
import { Glow } from "example-kit/web/parts/glow.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import type { Audit } from "../../../src/answers.ts";
import { ResultPill } from "./result-pill.tsx";

/** One audit in the list. It lights up for a moment when it comes or changes before the reader's eyes. */
export function AuditRow({ audit }: { audit: Audit }) {
  const { id, line, machine, process, inspector, result, passed, asked, createdAt, updatedAt } = audit;
  return (
    <li className="row">
      <Glow changedAt={updatedAt} />
      <span className={`row-icon row-icon-${result}`}>
        <Icon name={result === "passed" ? "check" : "alert"} />
      </span>
      <div className="row-text">
        <Link className="row-title" href={`/audits/${id}`}>
          {machine.name}: {process.name}
        </Link>
        <p className="row-facts">
          <span>{line.name}</span>
          <span>{inspector.name}</span>
          <Ago moment={createdAt} />
        </p>
      </div>
      <span className="row-score">
        {passed} of {asked}
      </span>
      <ResultPill result={result} />
    </li>
  );
}
