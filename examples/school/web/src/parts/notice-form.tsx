import { useLive } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import type { NoticeAnswer } from "../../../src/answers.ts";
import { useAct } from "./use-act.ts";

/** The dialog in which the notice of the day is written, or taken back. */
export function NoticeForm({ onClose }: { onClose: () => void }) {
  const send = useSend();
  const known = useLive<NoticeAnswer>("/api/notice").data?.notice;
  const { busy, act } = useAct();
  const write = (values: FormData) =>
    send("PUT", "/api/notice", { text: values.get("text"), hours: Number(values.get("hours")) });
  async function takeBack(): Promise<void> {
    if (await act("DELETE", "/api/notice")) onClose();
  }

  return (
    <DialogForm title="Notice of the school" words="Show it everywhere" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <Field label="What should everybody know?" error={errors["text"]}>
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
                aria-disabled={busy}
                onClick={() => busy || void takeBack()}
              >
                Take the notice back
              </button>
            </p>
          )}
        </>
      )}
    </DialogForm>
  );
}
