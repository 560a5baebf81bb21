import { useState } from "react";
import type { IssueWritten } from "../../../src/answers.ts";
import type { Issue } from "../../../src/contract.ts";
import { useSend } from "example-kit/web/live.ts";
import { NEXT_STEP } from "../words.ts";
import { useToast } from "example-kit/web/parts/toasts.tsx";

/** The button that takes an issue to its next status. */
export function StatusStep({ issue }: { issue: Issue }) {
  const send = useSend();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const { to, words } = NEXT_STEP[issue.status];
  async function take(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      await send<IssueWritten>("PATCH", `/api/issues/${issue.id}/status`, { status: to });
    } catch (error) {
      toast({ title: `“${issue.title}” was not changed`, body: (error as Error).message, icon: "alert" });
    }
    setBusy(false);
  }
  return (
    <button type="button" className="button button-step" aria-disabled={busy} onClick={take}>
      {words}
      <span className="visually-hidden">: {issue.title}</span>
    </button>
  );
}
