import { useSend } from "example-kit/web/live.ts";
import { useEffect, useState } from "react";
import type { CachesAnswer } from "../../../src/answers.ts";

const EVERY_MS = 2_000;

/** How the caches are, asked anew every two seconds while the page is in view: figures of a node are no data that changes by a write. */
export function useCaches(): { readonly data: CachesAnswer | undefined; readonly error: string | undefined } {
  const send = useSend();
  const [data, setData] = useState<CachesAnswer>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let isOver = false;
    function ask(): void {
      if (document.hidden) return;
      send<CachesAnswer>("GET", "/api/caches").then(
        (found) => {
          if (isOver) return;
          setData(found);
          setError(undefined);
        },
        (refusal: Error) => isOver || setError(refusal.message),
      );
    }
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [send]);
  return { data, error };
}
