import { useChannel } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { countOf } from "example-kit/web/words.ts";
import { useEffect, useState } from "react";
import type { WarmingAnswer } from "../../../src/answers.ts";
import type { WarmingState } from "../../../src/contract.ts";

/** Fills the caches on request, and shows how far it has come: also when somebody else, or the clock, has begun it. */
export function WarmingPanel() {
  const { state, isRunning, begin, refusal } = useWarming();
  return (
    <div className="warming">
      <p>Loads the plant and the newest audits before anybody asks for them.</p>
      {isRunning ? (
        <p className="warming-progress">
          <progress aria-label="Pages loaded" {...(state && { value: state.done, max: state.total })} />
          {state ? `${state.done} of ${state.total}` : "Starting…"}
        </p>
      ) : (
        <button type="button" className="button" onClick={begin}>
          <Icon name="flame" size={18} /> Warm caches
        </button>
      )}
      <p className="warming-result" role="status">
        {state && !isRunning && <Result state={state} />}
      </p>
      {refusal && (
        <p className="form-error" role="alert">
          {refusal.message}
        </p>
      )}
    </div>
  );
}

function useWarming() {
  const send = useSend();
  const [state, setState] = useState<WarmingState | null>(null);
  const [asked, setAsked] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    send<WarmingAnswer>("GET", "/api/warming").then(
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
  const isRunning = asked || state?.state === "running";
  function begin(): void {
    if (isRunning) return;
    setAsked(true);
    setRefusal(undefined);
    send<WarmingAnswer>("POST", "/api/warming").catch((error: Refusal) => {
      setRefusal(error);
      setAsked(false);
    });
  }
  return { state: state?.state === "running" || !asked ? state : null, isRunning, begin, refusal };
}

function Result({ state: { total, loaded, alreadyThere, notStored, failed, at } }: { state: WarmingState }) {
  const parts = [
    `${loaded} loaded`,
    `${alreadyThere} there already`,
    ...(notStored > 0 ? [`${notStored} not kept`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return (
    <>
      {countOf(total, "page")} warmed <Ago moment={at} />: {parts.join(", ")}.
    </>
  );
}
