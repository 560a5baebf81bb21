import { useChannel } from "@livecache/client/react";
import { useEffect, useState } from "react";
import type { WarmingAnswer } from "../../../src/answers.ts";
import type { WarmingState } from "../../../src/contract.ts";
import { useSend } from "example-kit/web/live.ts";
import type { Refusal } from "example-kit/web/request.ts";
import { countOf } from "example-kit/web/words.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";

/** Fills the caches on request, and shows how far it has come: also when somebody else, or the clock, has begun it. */
export function WarmingPanel() {
  const { state, begin, asked, refusal } = useWarming();
  const isRunning = asked || state?.state === "running";
  return (
    <div className="warming">
      <div className="warming-text">
        <p>Loads what students, wardens and management look at first, before they ask for it.</p>
        <p className="warming-result" role="status">
          {state && !isRunning && <Result state={state} />}
        </p>
        {refusal && (
          <p className="form-error" role="alert">
            {refusal.message}
          </p>
        )}
      </div>
      <button type="button" className="button" aria-disabled={isRunning} onClick={begin}>
        <Icon name="flame" /> {isRunning ? "Warming…" : "Warm caches"}
      </button>
      {isRunning && <Bar state={state?.state === "running" ? state : undefined} />}
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
        setState((known) => (isOfOther(known, next) ? known : next));
        setAsked(false);
      },
    },
  );

  function begin(): void {
    if (asked || state?.state === "running") return;
    setAsked(true);
    setRefusal(undefined);
    send<WarmingAnswer>("POST", "/api/warming").catch((error: Refusal) => {
      setRefusal(error);
      setAsked(false);
    });
  }
  return { state, begin, asked, refusal };
}

/** Nodes warm for themselves; while one is shown, the others are not. */
function isOfOther(known: WarmingState | null, next: WarmingState): boolean {
  return (
    known?.state === "running" &&
    known.node !== next.node &&
    Date.parse(next.at) - Date.parse(known.at) < 5_000
  );
}

function Bar({ state }: { state: WarmingState | undefined }) {
  return (
    <div className="warming-progress">
      <progress aria-label="Pages loaded" {...(state && { value: state.done, max: state.total })} />
      <span className="warming-count">{state ? `${state.done} of ${state.total}` : "Starting…"}</span>
    </div>
  );
}

function Result({ state }: { state: WarmingState }) {
  const { total, loaded, alreadyThere, notStored, failed, at } = state;
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
