import { setMaxListeners } from "node:events";
import type { Application } from "example-kit/application";
import type { ActAnswer, LifeAnswer } from "../answers.ts";

/** Those who play the demonstration's people. */
export interface Troupe {
  answer(): LifeAnswer;
  /** Lets these applications live, and no other. */
  play(names: readonly string[]): void;
  /** Resolves when nobody acts any more. */
  close(): Promise<void>;
}

/** An application to play in, and where it answers. */
export interface Scene {
  readonly application: Application;
  readonly url: string;
}

interface Playing {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** Most acts that are kept. */
const MOST = 40;

/** Plays what each application calls its life. `onChange` is told of every act; `seed` makes the same life again. */
export function createTroupe(scenes: readonly Scene[], seed: number, onChange: () => void): Troupe {
  const playing = new Map<string, Playing>();
  const ending = new Set<Promise<void>>();
  let acts: readonly ActAnswer[] = [];
  let total = 0;

  function begin({ application, url }: Scene): void {
    const stop = new AbortController();
    // Each of the people listens, and there may be many.
    setMaxListeners(0, stop.signal);
    const onAct = (words: string): void => {
      if (stop.signal.aborted) return;
      total += 1;
      acts = [{ id: total, at: Date.now(), application: application.name, words }, ...acts].slice(0, MOST);
      onChange();
    };
    const over = application
      .life({ url, signal: stop.signal, seed, onAct })
      .catch((error: unknown) => console.warn(`${application.name}: its life ended early`, error))
      .finally(() => {
        ending.delete(over);
        if (playing.get(application.name)?.stop === stop) playing.delete(application.name);
        onChange();
      });
    ending.add(over);
    playing.set(application.name, { stop, over });
  }

  function end(name: string): void {
    playing.get(name)?.stop.abort();
    playing.delete(name);
  }

  return {
    answer: () => ({ alive: [...playing.keys()], total, acts }),
    play(names) {
      for (const name of [...playing.keys()]) if (!names.includes(name)) end(name);
      for (const scene of scenes) {
        const { name } = scene.application;
        if (names.includes(name) && !playing.has(name)) begin(scene);
      }
      onChange();
    },
    async close() {
      for (const name of [...playing.keys()]) end(name);
      await Promise.all(ending);
    },
  };
}
