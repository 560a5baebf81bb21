import { useEffect, useState } from "react";
import type { HereAnswer } from "../../src/answers.ts";

/** Whether this visitor sits at the machine; taken for granted until the server has said otherwise. */
export function useMayAct(): boolean {
  const [mayAct, setMayAct] = useState(true);
  useEffect(() => {
    fetch("/api/here")
      .then((response) => response.json() as Promise<HereAnswer>)
      .then((answer) => setMayAct(answer.mayAct))
      .catch(() => undefined);
  }, []);
  return mayAct;
}
