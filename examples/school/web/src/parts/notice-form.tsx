import { useLive } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";
import type { NoticeAnswer } from "../../../src/answers.ts";

/** The dialog in which the notice of the day is written, or taken back. */
export function NoticeForm({ onClose }: { onClose: () => void }) {
  const send = useSend();
  const known = useLive<NoticeAnswer>("/api/notice").data?.notice;
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function attempt(sending: () => Promise<unknown>): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      await sending();
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const body = { text: values.get("text"), hours: Number(values.get("hours")) };
    void attempt(() => send("PUT", "/api/notice", body));
  }

  const fields = refusal?.fields ?? {};
  return (
    <Dialog title="Notice of the school" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label="What should everybody know?" error={fields["text"]}>
          {(control) => (
            <textarea
              {...control}
              name="text"
              required
              rows={3}
              minLength={3}
              maxLength={280}
              defaultValue={known?.text ?? ""}
              data-first
            />
          )}
        </Field>
        <Field label="For how long?" hint="It disappears by itself.">
          {(control) => (
            <select {...control} name="hours" defaultValue="24">
              <option value="1">One hour</option>
              <option value="8">Until the evening</option>
              <option value="24">A whole day</option>
            </select>
          )}
        </Field>
        {known && (
          <p>
            <button
              type="button"
              className="button"
              onClick={() => void attempt(() => send("DELETE", "/api/notice"))}
            >
              Take the notice back
            </button>
          </p>
        )}
        <FormFoot words="Show it everywhere" busy={busy} refusal={refusal} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
