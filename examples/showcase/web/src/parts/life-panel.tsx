import { useLive } from "@livecache/client/react";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { useState } from "react";
import type { ActAnswer, ExhibitAnswer, LifeAnswer } from "../../../src/answers.ts";
import { useSwitch } from "../use-switch.ts";
import { NotFromHere } from "./not-from-here.tsx";
import { clock } from "../clock.ts";

interface LifePanelProps {
  readonly exhibits: readonly ExhibitAnswer[];
  readonly mayAct: boolean;
}

/** Lets the demonstration's people live, and tells what they do. */
export function LifePanel({ exhibits, mayAct }: LifePanelProps) {
  const { data } = useLive<LifeAnswer>("/api/life");
  const { busy, trouble, throwIt } = useSwitch();
  const able = exhibits.filter(({ failure }) => failure === undefined);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(able.map(({ name }) => name)));
  const alive = data?.alive ?? [];
  const isAlive = alive.length > 0;

  function play(names: readonly string[]): void {
    throwIt("/api/life", { applications: names });
  }

  function choose(name: string, isIn: boolean): void {
    const next = new Set(chosen);
    if (isIn) next.add(name);
    else next.delete(name);
    setChosen(next);
    if (isAlive) play([...next]);
  }

  return (
    <section id="life" className="hall" aria-labelledby="life-title">
      <div className="hall-head">
        <h2 id="life-title">Make life happen</h2>
        <p>
          The people of the demonstration begin to do what such people do, over the same interfaces as you.
          Keep a window of theirs open beside: it follows by itself.
        </p>
      </div>
      <div className="panel life">
        <div className="life-choice">
          <fieldset className="choices">
            <legend>Where</legend>
            {able.map(({ name, title }) => (
              <label key={name} className={`choice choice-${name}`}>
                <input
                  type="checkbox"
                  checked={chosen.has(name)}
                  disabled={!mayAct}
                  onChange={({ target }) => choose(name, target.checked)}
                />
                <span>{title}</span>
              </label>
            ))}
          </fieldset>
          <button
            type="button"
            className={isAlive ? "button" : "button button-main"}
            disabled={!mayAct || (!isAlive && chosen.size === 0)}
            aria-disabled={busy !== undefined}
            onClick={() => play(isAlive ? [] : [...chosen])}
          >
            {isAlive ? "Stop" : "Make life happen"}
          </button>
          {trouble && (
            <p className="form-error" role="alert">
              {trouble}
            </p>
          )}
          {!mayAct && <NotFromHere />}
          <p className="life-count">
            <strong>
              <Figure value={data?.total ?? 0} />
            </strong>{" "}
            things done
          </p>
        </div>
        <Feed acts={data?.acts ?? []} exhibits={exhibits} isAlive={isAlive} />
      </div>
    </section>
  );
}

interface FeedProps {
  readonly acts: readonly ActAnswer[];
  readonly exhibits: readonly ExhibitAnswer[];
  readonly isAlive: boolean;
}

function Feed({ acts, exhibits, isAlive }: FeedProps) {
  if (acts.length === 0) {
    return (
      <p className="quiet">
        {isAlive ? "They are waking up…" : "All is quiet. What people do will stand here."}
      </p>
    );
  }
  const titleOf = (name: string): string => exhibits.find((one) => one.name === name)?.title ?? name;
  return (
    <ol className="feed" aria-label="What people do">
      {acts.map(({ id, at, application, words }) => (
        <li key={id} className={`act act-${application}`}>
          <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
          <p>
            {words} <span>{titleOf(application)}</span>
          </p>
        </li>
      ))}
    </ol>
  );
}
