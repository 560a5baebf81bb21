import { createContext, use, useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { Refused } from "../api/client.ts";
import { useSurroundings } from "../api/context.ts";

/** Something that an operator is about to do. */
export interface Act {
  /** The last part of the path. */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly title: string;
  /** What will come of it, before it is done. */
  readonly blast: ReactNode;
  /** On the button. */
  readonly verb: string;
  readonly isDanger?: boolean;
  /** What has come of it, in words. */
  readonly done: (outcome: Readonly<Record<string, unknown>>) => string;
  readonly onDone?: () => void;
}

/** Opens the dialog of an act; `undefined` for whoever may only look on. */
export type OpenAct = ((act: Act) => void) | undefined;

const ActContext = createContext<OpenAct>(undefined);

/** Opens the dialog of an act; `undefined` for whoever may only look on. */
export function useAct(): OpenAct {
  return use(ActContext);
}

/** Lets what is in it open acts. */
export function Acts({ children }: { readonly children: ReactNode }) {
  const { about } = useSurroundings();
  const [act, setAct] = useState<Act>();
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), 6_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <ActContext value={about.operator.role === "act" ? setAct : undefined}>
      {children}
      {act && <ActDialog act={act} onClose={() => setAct(undefined)} onDone={setSaid} />}
      <div role="status" aria-live="polite">
        {said !== undefined && <p className="toast">{said}</p>}
      </div>
    </ActContext>
  );
}

function ActDialog({
  act,
  onClose,
  onDone,
}: {
  readonly act: Act;
  readonly onClose: () => void;
  readonly onDone: (said: string) => void;
}) {
  const { client } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  useEffect(() => dialog.current?.showModal(), []);

  async function run(): Promise<void> {
    setBusy(true);
    try {
      const outcome = await client.act<Record<string, unknown>>(act.name, { ...act.body, reason });
      dialog.current?.close();
      onDone(act.done(outcome));
      act.onDone?.();
    } catch (error) {
      setRefused(error as Refused);
      setBusy(false);
    }
  }

  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="act-title">
      <form
        className="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <h2 id="act-title">{act.title}</h2>
        <div className="blast">{act.blast}</div>
        <div className="field">
          <label htmlFor="act-reason">Why?</label>
          <textarea
            id="act-reason"
            className="input"
            required
            minLength={3}
            maxLength={200}
            aria-describedby="act-reason-note"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <small id="act-reason-note">It stands in the audit, with your name.</small>
        </div>
        {refused && (
          <p className="notice bad" role="alert">
            {refused.message}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            className={`button main-act${act.isDanger ? " danger" : ""}`}
            disabled={isBusy || reason.trim().length < 3}
          >
            {isBusy ? "Working…" : act.verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}
