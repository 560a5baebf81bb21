import { invalidOption, refuseUnknown } from "../base/check.ts";
import type { HealthCheck, HealthStatus } from "./health-check.ts";

/**
 * A service of the application: `"ground"` for what Livecache stands on, or a check of yours. With words of its own where
 * `connected` and `disconnected` do not fit: `{ check, up: "active", down: "stopped" }`.
 */
export type HealthService =
  | "ground"
  | HealthCheck
  | { readonly check: "ground" | HealthCheck; readonly up?: string; readonly down?: string };

/** What `health` answers. */
export interface ServicesReport {
  readonly status: "ok" | "degraded" | "error";
  readonly timestamp: string;
  readonly services: Readonly<Record<string, string>>;
}

/** A service with its words. */
export interface KnownService {
  readonly check: "ground" | HealthCheck;
  readonly up: string;
  readonly down: string;
}

/**
 * Reads the services of `createHealth`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the service, what was received and what was expected
 */
export function readServices(
  given: Readonly<Record<string, HealthService>> | undefined,
  checks: Readonly<Record<string, HealthCheck>>,
): Readonly<Record<string, KnownService>> {
  const named = given ?? { ground: "ground", ...checks };
  if (typeof named !== "object" || named === null) {
    throw invalidOption("createHealth: services", "an object from names to checks", named);
  }
  return Object.fromEntries(
    Object.entries(named).map(([name, service]) => [name, readService(name, service)]),
  );
}

function readService(name: string, service: unknown): KnownService {
  const what = `createHealth: services.${name}`;
  const isShort = typeof service !== "object" || service === null;
  const whole = (isShort ? { check: service } : service) as Partial<KnownService>;
  refuseUnknown(what, whole, ["check", "up", "down"]);
  const { check, up = "connected", down = "disconnected" } = whole;
  if (check !== "ground" && typeof check !== "function") {
    throw invalidOption(
      what,
      '"ground", a function that resolves when all is well, or { check, up, down }',
      check,
    );
  }
  if (typeof up !== "string") throw invalidOption(`${what}.up`, "a word", up);
  if (typeof down !== "string") throw invalidOption(`${what}.down`, "a word", down);
  return { check, up, down };
}

/** Puts into words how services are. A ground that is only away degrades; everything else that is not well is an error. */
export function worded(
  told: readonly (readonly [name: string, service: KnownService, status: HealthStatus])[],
  timestamp: string,
): ServicesReport {
  const all = told.map(([, , status]) => status);
  const others = all.includes("warn") ? "degraded" : "ok";
  return {
    status: all.includes("fail") ? "error" : others,
    timestamp,
    services: Object.fromEntries(
      told.map(([name, { up, down }, status]) => [name, status === "pass" ? up : down]),
    ),
  };
}
