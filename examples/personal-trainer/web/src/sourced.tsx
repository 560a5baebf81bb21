import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { ReactNode } from "react";
import type { Sourced } from "../../src/answers.ts";

/** What is shown of an answer, and where it came from. */
export type Source = Sourced<unknown>["source"];

export interface LoadedProps<T> {
  readonly path: string;
  /** What it is, as the start of "… could not be loaded". */
  readonly what: string;
  /** Height of the grey shapes that stand in for it. */
  readonly height?: number;
  readonly rows?: number;
  readonly children: (data: T, source: Source) => ReactNode;
}

/** Shows an answer of the API, and goes on showing what it becomes. */
export function Loaded<T>({ path, what, height = 120, rows = 1, children }: LoadedProps<T>) {
  const { data, error, refetch } = useLive<Sourced<T>>(path);
  if (data) return children(data.data, data.source);
  if (error) return <Trouble what={what} words={wordsFor(error)} onRetry={refetch} />;
  return <Skeleton rows={rows} height={height} />;
}
