import { readSettings as readShared } from "example-kit/settings";
import type { Settings as SharedSettings } from "example-kit/settings";

/** What the environment decides. */
export interface Settings extends SharedSettings {
  /** Whether to fill the caches at the start, and every few minutes from then on. Default: no. */
  readonly warm?: boolean;
}

/** Reads the environment: what all examples read, and `WARM` (`no` for not). */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return { ...readShared(env, new URL("../.data", import.meta.url)), warm: env["WARM"] !== "no" };
}
