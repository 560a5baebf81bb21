import { useLiveClient } from "@livecache/client/react";
import { Refusal, send } from "example-kit/web/request.ts";
import { useCallback, useState } from "react";

/** Throwing a switch of the showcase. */
export interface Switch {
  /** The path under way, if any. */
  readonly busy: string | undefined;
  /** Why the last one was not thrown. */
  readonly trouble: string | undefined;
  throwIt(path: string, body: unknown): void;
}

/** One switch at a time; what it changes arrives as everything else does. */
export function useSwitch(): Switch {
  const client = useLiveClient();
  const [busy, setBusy] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  const throwIt = useCallback(
    (path: string, body: unknown) => {
      setBusy(path);
      setTrouble(undefined);
      send(client.fetch, { method: "POST", path, body })
        .catch((error: unknown) => setTrouble(error instanceof Refusal ? error.message : String(error)))
        .finally(() => setBusy(undefined));
    },
    [client],
  );
  return { busy, trouble, throwIt };
}
