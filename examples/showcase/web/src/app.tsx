import { LiveProvider, useLive } from "@livecache/client/react";
import { statusOf, useOwnLiveClient, wordsFor } from "example-kit/web/live.ts";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { ExhibitsAnswer } from "../../src/answers.ts";
import { useDoors } from "./doors.ts";
import { Exhibits } from "./parts/exhibits.tsx";
import { Foot } from "./parts/foot.tsx";
import { Hero } from "./parts/hero.tsx";
import { LifePanel } from "./parts/life-panel.tsx";
import { StagePanel } from "./parts/stage-panel.tsx";
import { useMayAct } from "./use-may-act.ts";

/** The page that explains: what Livecache is, what there is to see, and the switches. */
export function App() {
  const client = useOwnLiveClient();
  return (
    <div className="page">
      <a className="skip" href="#applications">
        Skip to the applications
      </a>
      <Hero />
      <main id="main" className="main">
        {client ? (
          <LiveProvider client={client}>
            <Halls />
          </LiveProvider>
        ) : (
          <Skeleton rows={3} height={220} />
        )}
      </main>
    </div>
  );
}

function Halls() {
  const { data, error, refetch } = useLive<ExhibitsAnswer>("/api/exhibits");
  const doors = useDoors();
  const mayAct = useMayAct();
  if (!data) {
    if (!error) return <Skeleton rows={3} height={220} />;
    const words = statusOf(error) === undefined ? "Is npm start still running?" : wordsFor(error);
    return <Trouble what="The applications" words={words} onRetry={refetch} />;
  }
  return (
    <>
      <Exhibits exhibits={data.exhibits} doors={doors} />
      <LifePanel exhibits={data.exhibits} mayAct={mayAct} />
      <StagePanel mayAct={mayAct} />
      <Foot exhibits={data.exhibits} doors={doors} />
    </>
  );
}
