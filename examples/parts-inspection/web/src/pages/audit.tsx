import { useLive } from "@livecache/client/react";
import { statusOf, useSend, wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { Link, go } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { Answered, Audit, AuditAnswer } from "../../../src/answers.ts";
import { CommentSection } from "../parts/comment-section.tsx";
import { PhotoSection } from "../parts/photo-section.tsx";
import { ResultPill } from "../parts/result-pill.tsx";
import { WhoIsHere } from "../parts/who-is-here.tsx";
import { useSeen } from "../seen.ts";
import { usePerson } from "../session.tsx";

/** Everything about one audit; keeps itself up to date, and shows who else looks at it. */
export function AuditPage({ auditId }: { auditId: number }) {
  const { data, error, refetch } = useLive<AuditAnswer>(`/api/audits/${auditId}`);
  useSeen(auditId);
  if (error && statusOf(error) === 404) {
    return (
      <Empty title="There is no such audit">
        <Link href="/audits">Go to the audits</Link>
      </Empty>
    );
  }
  if (!data && error) return <Trouble what="The audit" words={wordsFor(error)} onRetry={refetch} />;
  if (!data) return <Skeleton rows={4} height={96} />;
  const { audit, answers, comments, photos } = data;
  return (
    <>
      <Link className="back" href="/audits">
        <Icon name="back" size={18} /> Audits
      </Link>
      <PageHead
        title={`${audit.machine.name}: ${audit.process.name}`}
        note={`${audit.line.name} · audit #${audit.id}`}
      >
        <AuditActs audit={audit} />
      </PageHead>
      <WhoIsHere room={{ pattern: "audit/:auditId", params: { auditId } }} />
      <div className="audit">
        <div className="audit-main">
          <Findings audit={audit} answers={answers} />
          <PhotoSection auditId={auditId} photos={photos} />
        </div>
        <CommentSection auditId={auditId} comments={comments} />
      </div>
    </>
  );
}

function Findings({ audit, answers }: { audit: Audit; answers: readonly Answered[] }) {
  const { result, passed, asked, inspector, createdAt, updatedAt, remarks } = audit;
  return (
    <section className="card" aria-labelledby="findings">
      <div className="card-head">
        <h2 id="findings">
          {passed} of {asked} passed
        </h2>
        <ResultPill result={result} />
      </div>
      <p className="row-facts">
        <span>{inspector.name}</span>
        <Ago moment={createdAt} />
        {updatedAt !== createdAt && (
          <span>
            corrected <Ago moment={updatedAt} />
          </span>
        )}
      </p>
      <ol className="findings">
        {answers.map(({ question, passed: isGood, remark }) => (
          <li key={question} className={isGood ? "finding" : "finding finding-bad"}>
            <span className="finding-mark">
              <Icon name={isGood ? "check" : "cross"} size={16} />
              <span className="visually-hidden">{isGood ? "Passed:" : "Failed:"}</span>
            </span>
            <span className="finding-text">
              {question}
              {remark && <strong>{remark}</strong>}
            </span>
          </li>
        ))}
      </ol>
      {remarks && (
        <div className="remarks">
          <h3>Remarks</h3>
          <p>{remarks}</p>
        </div>
      )}
    </section>
  );
}

function AuditActs({ audit }: { audit: Audit }) {
  const { role } = usePerson();
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="acts">
      <Link className="button" href={`/audits/${audit.id}/edit`}>
        <Icon name="pencil" size={18} /> Correct
      </Link>
      {role === "admin" && (
        <button type="button" className="button" onClick={() => setDeleting(true)}>
          <Icon name="bin" size={18} /> Delete
        </button>
      )}
      {deleting && <DeleteDialog audit={audit} onClose={() => setDeleting(false)} />}
    </div>
  );
}

function DeleteDialog({ audit, onClose }: { audit: Audit; onClose: () => void }) {
  const send = useSend();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  async function deleteIt(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      await send("DELETE", `/api/audits/${audit.id}`);
      go("/audits", "replace");
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }
  return (
    <Dialog title="Delete this audit?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void deleteIt();
        }}
      >
        <p>
          The audit of {audit.machine.name} goes with its comments and photos, for everybody. It cannot be
          brought back.
        </p>
        <FormFoot words="Delete it" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
