import type { Site } from "./site.ts";

/** What one side of a case came to. */
export interface Outcome {
  /** Whether what nobody wants has happened. */
  readonly isFailed: boolean;
  /** What was seen, in words and figures. */
  readonly told: string;
}

/** One fault, met once by what the tutorials write and once by Livecache: the same application, requests and Redis. */
export interface TutorialCase {
  readonly name: string;
  /** What nobody wants to happen. */
  readonly fault: string;
  /** What promises that it does not: a guarantee of the README, or the page's name. */
  readonly guarantee: string;
  readonly byHand: (site: Site) => Promise<Outcome>;
  readonly ours: (site: Site) => Promise<Outcome>;
  /** It takes longer than a test may. */
  readonly isLong?: boolean;
}
