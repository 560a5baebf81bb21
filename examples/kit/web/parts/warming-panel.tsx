import { useChannel } from "@livecache/client/react";
import { useEffect, useState } from "react";
import type { WarmingAnswer, WarmingState } from "../../src/warming.ts";
import { useSend } from "../live.ts";
import type { Refusal } from "../request.ts";
import { countOf } from "../words.ts";
import { Ago } from "./ago.tsx";
import { Icon } from "./icon.tsx";

export interface WarmingPanelProps {
  /** Where the server's `warmingRoutes` stand. */
  readonly path: string;
  /** What is loaded, as a sentence. */
  readonly words: string;
  /** What is counted: "page". */
  readonly noun: string;
}

/** Fills the caches on request, and shows how far it has come: also when somebody else, or the clock, has begun it. */
export function WarmingPanel({ path, words, noun }: WarmingPanelProps) {
  const { state, isRunning, begin, refusal } = useWarming(path);
  return (
    <div className="warming">
      <div className="warming-text">
        <p>{words}</p>
        <p className="warming-result" role="status">
          {state && !isRunning && <Result state={state} noun={noun} />}
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
      {isRunning && <Bar state={state?.state === "running" ? state : undefined} noun={noun} />}
    </div>
  );
}

function useWarming(path: string) {
  const send = useSend();
  const [state, setState] = useState<WarmingState | null>(null);
  const [asked, setAsked] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const isRunning = asked || state?.state === "running";

  useEffect(() => {
    send<WarmingAnswer>("GET", path).then(
      ({ warming }) => setState((known) => known ?? warming),
      () => undefined,
    );
  }, [send, path]);
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
    if (isRunning) return;
    setAsked(true);
    setRefusal(undefined);
    send<WarmingAnswer>("POST", path).catch((error: Refusal) => {
      setRefusal(error);
      setAsked(false);
    });
  }
  return { state, isRunning, begin, refusal };
}

/** Nodes warm for themselves; while one is shown, the others are not. */
function isOfOther(known: WarmingState | null, next: WarmingState): boolean {
  return (
    known?.state === "running" &&
    known.node !== next.node &&
    Date.parse(next.at) - Date.parse(known.at) < 5_000
  );
}

function Bar({ state, noun }: { state: WarmingState | undefined; noun: string }) {
  const label = `${noun[0]!.toUpperCase()}${noun.slice(1)}s loaded`;
  return (
    <div className="warming-progress">
      <progress aria-label={label} {...(state && { value: state.done, max: state.total })} />
      <span className="warming-count">{state ? `${state.done} of ${state.total}` : "Starting…"}</span>
    </div>
  );
}

function Result({ state, noun }: { state: WarmingState; noun: string }) {
  const { total, loaded, alreadyThere, notStored, failed, at } = state;
  const parts = [
    `${loaded} loaded`,
    `${alreadyThere} there already`,
    ...(notStored > 0 ? [`${notStored} not kept`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return (
    <>
      {countOf(total, noun)} warmed <Ago moment={at} />: {parts.join(", ")}.
    </>
  );
}
