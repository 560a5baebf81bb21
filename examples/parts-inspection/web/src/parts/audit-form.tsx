import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useSubmit } from "example-kit/web/use-submit.ts";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Answered } from "../../../src/answers.ts";
import { Checklist, answersOf } from "./checklist.tsx";
import type { Draft } from "./checklist.tsx";

/** What the form hands in besides where the audit is made. */
export interface Findings {
  readonly answers: readonly Partial<Answered>[];
  readonly remarks: string;
}

export interface AuditFormProps {
  /** Stands above the checklist, and knows what is wrong with it. */
  readonly renderHead: (errors: Refusal["fields"]) => ReactNode;
  readonly questions: readonly string[] | undefined;
  readonly known?: { readonly answers: readonly Answered[]; readonly remarks: string };
  readonly words: string;
  /** Rejects with a `Refusal`, which the form shows. */
  readonly onSend: (findings: Findings) => Promise<void>;
  readonly onCancel: () => void;
}

/** A checklist with remarks, to be filled in for the first time or again. */
export function AuditForm({ renderHead, questions, known, words, onSend, onCancel }: AuditFormProps) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>(() =>
    Object.fromEntries((known?.answers ?? []).map(({ question, ...draft }) => [question, draft])),
  );
  const { submit, busy, refusal } = useSubmit(async (values) => {
    if (!questions) return;
    await onSend({ answers: answersOf({ questions, drafts }), remarks: String(values.get("remarks")) });
  });
  const errors = refusal?.fields ?? {};
  const open = questions?.filter((question) => drafts[question]?.passed === undefined).length;
  return (
    <form className="form card audit-form" onSubmit={submit}>
      {renderHead(errors)}
      {questions ? (
        <section className="form" aria-labelledby="checklist">
          <div className="checklist-head">
            <h2 id="checklist">Checklist</h2>
            <p role="status">{open === 0 ? "All answered" : `${open} to answer`}</p>
          </div>
          <Checklist
            questions={questions}
            drafts={drafts}
            errors={errors}
            onAnswer={(question, draft) => setDrafts({ ...drafts, [question]: draft })}
          />
          <Field label="Remarks (optional)" hint="Shift, batch, what was agreed." error={errors["remarks"]}>
            {(control) => (
              <textarea {...control} name="remarks" rows={3} maxLength={1000} defaultValue={known?.remarks} />
            )}
          </Field>
          <FormFoot words={words} busy={busy} refusal={refusal} onCancel={onCancel} />
        </section>
      ) : (
        <p className="audit-form-wait">The checklist appears once it is clear where you are.</p>
      )}
    </form>
  );
}
