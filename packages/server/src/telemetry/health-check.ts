/** Something that the application cannot do without: its database, say. Resolves when it answers; rejects, or takes longer than a second, when not. */
export type HealthCheck = () => Promise<unknown>;

/** Whether something is well. `"warn"`: it works, less well than it should. */
export type HealthStatus = "pass" | "warn" | "fail";
