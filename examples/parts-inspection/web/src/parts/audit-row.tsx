import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import { useRef } from "react";
import type { Audit } from "../../../src/answers.ts";
import { ResultPill } from "./result-pill.tsx";

/** One audit in the list. It lights up for a moment when it comes or changes before the reader's eyes. */
export function AuditRow({ audit }: { audit: Audit }) {
  const { id, line, machine, process, inspector, result, passed, asked, createdAt, updatedAt } = audit;
  const fresh = useIsFresh(updatedAt);
  return (
    <li className="row">
      {fresh && <span key={updatedAt} className="row-glow" aria-hidden="true" />}
      <span className={`row-icon row-icon-${result}`}>
        <Icon name={result === "passed" ? "check" : "alert"} />
      </span>
      <div className="row-text">
        <Link className="row-title" href={`/audits/${id}`}>
          {machine.name}: {process.name}
        </Link>
        <p className="facts">
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

const FRESH_MS = 4_000;

/** Whether something has this version since a moment ago, or came to have it while it was shown. */
function useIsFresh(version: string): boolean {
  const first = useRef({ version, isNew: Date.now() - Date.parse(version) < FRESH_MS });
  return first.current.isNew || first.current.version !== version;
}
