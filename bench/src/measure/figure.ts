/** What one number means. */
export interface Measure {
  readonly unit: string;
  readonly better: "more" | "less";
}

/** What one contestant came to in one measure of one case, over the rounds of a run. */
export interface Figure {
  readonly case: string;
  readonly contestant: string;
  readonly measure: string;
  readonly unit: string;
  readonly better: "more" | "less";
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
  /** The floor that the ratio is taken to; absent where there is none. */
  readonly floor?: string;
  /** Median, over the rounds, of this contestant's number divided by the floor's of the same round. */
  readonly ratio?: number;
}

/** A contestant without a figure, and why. */
export interface Failure {
  readonly case: string;
  readonly contestant: string;
  readonly why: string;
}

/** What a question came to. */
export interface Answer {
  readonly figures: readonly Figure[];
  readonly failures: readonly Failure[];
  /** What has to be known to read the figures. */
  readonly notes: readonly string[];
}
