import { useRef } from "react";
import type { Issue } from "../../../src/contract.ts";
import { Link } from "example-kit/web/router.tsx";
import { CATEGORY_WORDS, PRIORITY_WORDS } from "../words.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { StatusPill } from "./status-pill.tsx";
import { StatusStep } from "./status-step.tsx";

export interface IssueRowProps {
  readonly issue: Issue;
  /** Whether the reader may change the status. */
  readonly mayWork: boolean;
  readonly href: string;
}

/** One issue in the list. It lights up for a moment when it changes before the reader's eyes. */
export function IssueRow({ issue, mayWork, href }: IssueRowProps) {
  const fresh = useIsFresh(issue.updatedAt);
  return (
    <li className="issue">
      {fresh && <span key={issue.updatedAt} className="issue-glow" aria-hidden="true" />}
      <span className={`issue-icon issue-icon-${issue.status}`}>
        <Icon name={issue.category} />
      </span>
      <div className="issue-text">
        <Link className="issue-title" href={href}>
          {issue.title}
        </Link>
        <p className="issue-facts">
          <span>#{issue.id}</span>
          <span>{CATEGORY_WORDS[issue.category]}</span>
          <span>{issue.place}</span>
          <span>{issue.reporter.name}</span>
          <Ago moment={issue.createdAt} />
        </p>
      </div>
      <div className="issue-state">
        {issue.priority === "urgent" && issue.status !== "resolved" && (
          <span className="pill pill-urgent">{PRIORITY_WORDS.urgent}</span>
        )}
        <StatusPill status={issue.status} />
      </div>
      {mayWork && <StatusStep issue={issue} />}
    </li>
  );
}

const FRESH_MS = 4_000;

/** Whether something has this version since a moment ago, or came to have it while it was shown. */
function useIsFresh(version: string): boolean {
  const first = useRef({ version, isNew: Date.now() - Date.parse(version) < FRESH_MS });
  return first.current.isNew || first.current.version !== version;
}
