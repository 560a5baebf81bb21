import { useLive } from "@livecache/client/react";
import { useSend, wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { go } from "example-kit/web/router.tsx";
import type { AuditAnswer } from "../../../src/answers.ts";
import { AuditForm } from "../parts/audit-form.tsx";

/** An audit's answers and remarks, to be corrected. Where it was made stays as it is. */
export function EditAuditPage({ auditId }: { auditId: number }) {
  const { data, error, refetch } = useLive<AuditAnswer>(`/api/audits/${auditId}`);
  const send = useSend();
  const back = `/audits/${auditId}`;
  return (
    <>
      <PageHead
        title="Correct an audit"
        note={
          data
            ? `${data.audit.line.name}, ${data.audit.machine.name}: ${data.audit.process.name}`
            : "Loading…"
        }
      />
      {!data && !error && <Skeleton rows={3} height={90} />}
      {!data && error && <Trouble what="The audit" words={wordsFor(error)} onRetry={refetch} />}
      {data && (
        <AuditForm
          words="Save"
          questions={data.answers.map(({ question }) => question)}
          known={{ answers: data.answers, remarks: data.audit.remarks }}
          renderHead={() => null}
          onSend={async (findings) => {
            await send("PATCH", `/api/audits/${auditId}`, findings);
            go(back);
          }}
          onCancel={() => go(back)}
        />
      )}
    </>
  );
}
