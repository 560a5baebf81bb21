import { useChannel } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { countOf } from "example-kit/web/words.ts";
import { useEffect, useState } from "react";
import type { CachesAnswer } from "../../../src/answers.ts";
import type { WarmingState } from "../../../src/contract.ts";

/** Loads every role and dashboard before anybody asks, and shows how far that has come: also when somebody else has begun it. */
export function WarmingPanel() {
  const { state, begin, asked, trouble } = useWarming();
  const isRunning = asked || state?.state === "running";
  return (
    <div className="warming">
      <p>Loads every role and every dashboard, before the school day begins.</p>
      {isRunning && (
        <div className="warming-progress">
          <progress
            aria-label="Entries loaded"
            {...(state?.state === "running" && { value: state.done, max: state.total })}
          />
          <span>{state?.state === "running" ? `${state.done} of ${state.total}` : "Starting…"}</span>
        </div>
      )}
      <p className="faint" role="status">
        {state && !isRunning && (
          <>
            {countOf(state.total, "entry").replace("entrys", "entries")} <Ago moment={state.at} />:{" "}
            {state.loaded} loaded, {state.alreadyThere} there already
            {state.notStored > 0 && `, ${state.notStored} not kept`}
            {state.failed > 0 && `, ${state.failed} failed`}.
          </>
        )}
      </p>
      {trouble && (
        <p className="form-error" role="alert">
          {trouble}
        </p>
      )}
      <p>
        <button type="button" className="button" aria-disabled={isRunning} onClick={begin}>
          <Icon name="flame" /> {isRunning ? "Warming…" : "Warm caches"}
        </button>
      </p>
    </div>
  );
}

function useWarming() {
  const send = useSend();
  const [state, setState] = useState<WarmingState | null>(null);
  const [asked, setAsked] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    send<CachesAnswer>("GET", "/api/caches").then(
      ({ warming }) => setState((known) => known ?? warming),
      () => undefined,
    );
  }, [send]);
  useChannel(
    "warming",
    {},
    {
      progress(next) {
        setState(next);
        setAsked(false);
      },
    },
  );
  function begin(): void {
    if (asked || state?.state === "running") return;
    setAsked(true);
    setTrouble(undefined);
    send("POST", "/api/caches/warm").catch((error: Error) => {
      setTrouble(error.message);
      setAsked(false);
    });
  }
  return { state, begin, asked, trouble };
}
