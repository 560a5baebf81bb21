import type { SeededRandom } from "@livecache/rig";
import type { Answer } from "../measure/figure.ts";

/** How a run is done. */
export interface RunSetting {
  /** Fewer contestants, smaller sizes and shorter rounds. */
  readonly quick: boolean;
  readonly random: SeededRandom;
}

/** One question of the benchmark. Each stands in a file of its own. */
export interface Question {
  /** What `--only` takes. */
  readonly name: string;
  readonly question: string;
  /** Left out of quick runs, unless it is asked for. */
  readonly isLong?: boolean;
  readonly run: (setting: RunSetting) => Promise<Answer>;
}
