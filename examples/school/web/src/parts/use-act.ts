import { useSend } from "example-kit/web/live.ts";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useCallback, useState } from "react";

/** Sends a write of a button, one at a time, and says so where it fails. */
export function useAct(): {
  readonly busy: boolean;
  readonly act: (method: string, path: string, body?: unknown) => Promise<boolean>;
} {
  const send = useSend();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const act = useCallback(
    async (method: string, path: string, body?: unknown) => {
      setBusy(true);
      try {
        await send(method, path, body);
        return true;
      } catch (error) {
        toast({ title: "That did not work", body: (error as Error).message, icon: "alert" });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [send, toast],
  );
  return { busy, act };
}
