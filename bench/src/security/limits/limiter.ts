/** What every contestant allows a subject. */
export interface LimitSetting {
  readonly limit: number;
  readonly windowS: number;
}

/** A rate limit under test. */
export interface Limiter {
  /** Takes one of the subject's limit; says whether it was allowed. */
  readonly take: (subject: string) => Promise<boolean>;
  /** How many takes this node decided without asking Redis, where that can happen. */
  readonly alone?: () => number;
  close(): Promise<void>;
}

/** Opens a limit on one node. */
export type OpenLimiter = (redisUrl: string, setting: LimitSetting) => Promise<Limiter>;
