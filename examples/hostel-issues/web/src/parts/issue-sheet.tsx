import { useLive } from "@livecache/client/react";
import type { IssueAnswer, IssueStep } from "../../../src/answers.ts";
import { wordsFor } from "example-kit/web/live.ts";
import { usePerson } from "../session.tsx";
import { inFull } from "example-kit/web/words.ts";
import { CATEGORY_WORDS, PRIORITY_WORDS } from "../words.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { StatusPill } from "./status-pill.tsx";
import { StatusStep } from "./status-step.tsx";

/** Everything about one issue; keeps itself up to date like the list. */
export function IssueSheet({ issueId, onClose }: { issueId: number; onClose: () => void }) {
  const { data, error, refetch } = useLive<IssueAnswer>(`/api/issues/${issueId}`);
  return (
    <Dialog shape="sheet" title={data?.issue.title ?? `Issue #${issueId}`} onClose={onClose}>
      {!data && !error && <Skeleton rows={4} height={40} />}
      {!data && error && <Trouble what="This issue" words={wordsFor(error)} onRetry={refetch} />}
      {data && <IssueDetails {...data} />}
    </Dialog>
  );
}

function IssueDetails({ issue, steps }: IssueAnswer) {
  const person = usePerson();
  return (
    <>
      <div className="sheet-state">
        <StatusPill status={issue.status} />
        {person.role !== "student" && <StatusStep issue={issue} />}
      </div>
      <dl className="sheet-facts">
        <dt>Number</dt>
        <dd>#{issue.id}</dd>
        <dt>Where</dt>
        <dd>{issue.place}</dd>
        <dt>Kind</dt>
        <dd>{CATEGORY_WORDS[issue.category]}</dd>
        <dt>Pressing</dt>
        <dd>{PRIORITY_WORDS[issue.priority]}</dd>
        <dt>Reported by</dt>
        <dd>{issue.reporter.name}</dd>
      </dl>
      {issue.description && <p className="sheet-description">{issue.description}</p>}
      <h3>What happened</h3>
      <ol className="steps">
        {steps.map((step, index) => (
          <li key={step.at} className={`step step-${step.status}`}>
            <strong>{stepWords(step, index)}</strong>
            <span>
              {step.person.name}, <time dateTime={step.at}>{inFull(step.at)}</time>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function stepWords({ status }: IssueStep, index: number): string {
  if (status === "open") return index === 0 ? "Reported" : "Reopened";
  return status === "in_progress" ? "Work started" : "Resolved";
}
