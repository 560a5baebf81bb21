import { useSend, wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { go } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { AuditWritten } from "../../../src/answers.ts";
import { AuditForm } from "../parts/audit-form.tsx";
import type { Findings } from "../parts/audit-form.tsx";
import { PlaceChoice } from "../parts/place-choice.tsx";
import type { Place } from "../parts/place-choice.tsx";
import { usePlant } from "../plant.ts";
import { RESULT_WORDS } from "../words.ts";

/** Where an audit is made: a machine of a line, one of its processes, and the checklist of that. */
export function NewAuditPage() {
  const { data: plant, error, refetch } = usePlant();
  const send = useSend();
  const toast = useToast();
  const [place, setPlace] = useState<Place>({});

  async function submit(findings: Findings): Promise<void> {
    const { audit } = await send<AuditWritten>("POST", "/api/audits", { ...place, ...findings });
    toast({
      title: "Audit submitted",
      body: `${audit.machine.name}: ${RESULT_WORDS[audit.result].toLowerCase()}`,
      icon: "check",
    });
    go(`/audits/${audit.id}`);
  }

  return (
    <>
      <PageHead title="New audit" note="Photos of parts can be added once it is handed in." />
      {!plant && !error && <Skeleton rows={3} height={90} />}
      {!plant && error && <Trouble what="The plant" words={wordsFor(error)} onRetry={refetch} />}
      {plant && (
        <AuditForm
          words="Submit audit"
          questions={plant.processes.find(({ id }) => id === place.processId)?.questions}
          renderHead={(errors) => (
            <PlaceChoice plant={plant} place={place} errors={errors} onChoose={setPlace} />
          )}
          onSend={submit}
          onCancel={() => go("/audits")}
        />
      )}
    </>
  );
}
