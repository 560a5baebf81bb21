import type { Issue } from "../../../src/contract.ts";
import { Link } from "example-kit/web/router.tsx";
import { CATEGORY_WORDS, PRIORITY_WORDS } from "../words.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Glow } from "example-kit/web/parts/glow.tsx";
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
  return (
    <li className="row issue">
      <Glow changedAt={issue.updatedAt} />
      <span className={`row-icon row-icon-${issue.status}`}>
        <Icon name={issue.category} />
      </span>
      <div className="row-text">
        <Link className="row-title" href={href}>
          {issue.title}
        </Link>
        <p className="row-facts">
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
