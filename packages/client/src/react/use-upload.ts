import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { upload } from "../upload.ts";
import type { UploadOptions } from "../upload.ts";
import { useLiveClient } from "./live-provider.ts";

/** How far an upload is. */
export type UploadState =
  | { readonly status: "idle" }
  | { readonly status: "sending"; readonly loaded: number; readonly total: number | undefined }
  | { readonly status: "done"; readonly response: Response }
  | { readonly status: "error"; readonly error: Error };

/** What {@link useUpload} gives. */
export type UploadResult = UploadState & {
  /** Sends a body; one that is still being sent is given up. Never rejects: the outcome is in the state, and `undefined` is a failure. */
  readonly start: (body: FormData | Blob | string) => Promise<Response | undefined>;
  /** Gives up. */
  readonly abort: () => void;
};

/** Uploads to a path of the server, one body at a time. A response that is not 2xx is `done`, too: look at its `status`. Unmounting gives up. */
export function useUpload(path: string, options: Omit<UploadOptions, "signal"> = {}): UploadResult {
  const client = useLiveClient();
  const [state, setState] = useState<UploadState>({ status: "idle" });
  const running = useRef<AbortController>(undefined);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const abort = useCallback(() => running.current?.abort(), []);
  useEffect(() => abort, [abort]);
  const start = useCallback(
    async (body: FormData | Blob | string) => {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      const show = (next: UploadState): void => {
        if (running.current === mine) setState(next);
      };
      show({ status: "sending", loaded: 0, total: undefined });
      try {
        const response = await upload(client, path, {
          ...latest.current,
          body,
          signal: mine.signal,
          onProgress(loaded, total) {
            show({ status: "sending", loaded, total });
            latest.current.onProgress?.(loaded, total);
          },
        });
        show({ status: "done", response });
        return response;
      } catch (error) {
        show(mine.signal.aborted ? { status: "idle" } : { status: "error", error: error as Error });
        return undefined;
      }
    },
    [client, path],
  );
  return useMemo(() => ({ ...state, start, abort }), [state, start, abort]);
}
