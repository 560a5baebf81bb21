import { useCallback, useEffect, useState } from "react";
import type { Refused } from "./client.ts";
import { useSurroundings } from "./context.ts";

/** An answer, and whether it is as of now. */
export interface Look<T> {
  /** The last answer; it stays while a later question fails. */
  readonly found: T | undefined;
  readonly refused: Refused | undefined;
  readonly isAsking: boolean;
  /** When the answer came, in milliseconds since 1970. */
  readonly atMs: number | undefined;
  /** Asks now. */
  again(): void;
}

/** The page may keep the server busy for one part in so many of the time. */
const SHARE = 20;
const LONGEST_PAUSE_MS = 60_000;

interface State<T> extends Omit<Look<T>, "again"> {
  readonly path: string | undefined;
}

const NOTHING = { found: undefined, refused: undefined, isAsking: true, atMs: undefined };

/**
 * Asks for `path`, and asks again every `everyMs` while the page is visible: less often when answers take long, and ever less often
 * while they fail. Without a path nothing is asked.
 */
export function useLook<T>(path: string | undefined, everyMs?: number): Look<T> {
  const { client } = useSurroundings();
  const [state, setState] = useState<State<T>>({ ...NOTHING, path });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (path === undefined) return;
    const stopping = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;

    async function ask(): Promise<void> {
      clearTimeout(timer);
      const startedAtMs = performance.now();
      setState((last) => ({ ...(last.path === path ? last : NOTHING), path, isAsking: true }));
      try {
        const found = await client.look<T>(path!, stopping.signal);
        failures = 0;
        setState({ path, found, refused: undefined, isAsking: false, atMs: Date.now() });
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures++;
        setState((last) => ({ ...last, refused: error as Refused, isAsking: false }));
      }
      const tookMs = performance.now() - startedAtMs;
      if (everyMs === undefined) return;
      const pauseMs = Math.max(everyMs, tookMs * SHARE) * 2 ** Math.min(failures, 5);
      timer = setTimeout(askIfSeen, Math.min(pauseMs, Math.max(everyMs, LONGEST_PAUSE_MS)));
    }

    function askIfSeen(): void {
      if (document.visibilityState === "visible") void ask();
    }

    void ask();
    if (everyMs !== undefined) document.addEventListener("visibilitychange", askIfSeen);
    return () => {
      stopping.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", askIfSeen);
    };
  }, [client, path, everyMs, round]);

  const again = useCallback(() => setRound((count) => count + 1), []);
  const { path: askedPath, ...look } = state;
  return askedPath === path ? { ...look, again } : { ...NOTHING, again };
}
