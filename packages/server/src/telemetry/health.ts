import type { IncomingMessage, ServerResponse } from "node:http";
import type { MeasuredLive } from "./measured-live.ts";
import { refuseUnknown } from "../base/check.ts";
import { redactText } from "../base/redact.ts";
import type { HealthCheck, HealthStatus } from "./health-check.ts";
import { readServices, worded } from "./services.ts";
import type { HealthService, ServicesReport } from "./services.ts";

export type { HealthCheck, HealthStatus } from "./health-check.ts";
export type { HealthService, ServicesReport } from "./services.ts";

/** Options of {@link createHealth}. */
export interface HealthOptions {
  /** By the name that stands in answers. Default: none. */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  /** What `health` tells of, by the names that it uses. Default: the ground, and every check. */
  readonly services?: Readonly<Record<string, HealthService>>;
}

/** How a node is. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly node: string;
  readonly checks: Readonly<Record<string, { readonly status: HealthStatus; readonly output?: string }>>;
}

/** Health of one node, for probes. */
export interface Health {
  report(): Promise<HealthReport>;
  /** Whether the process lives: always 200, and nothing is asked. */
  readonly livez: (req: IncomingMessage, res: ServerResponse) => void;
  /**
   * Whether it should get requests: 200 while every check passes, also while Redis is away, because the node works without; then the status is
   * `warn`. 503 before it has heard from the ground for the first time, and when a check of the application fails.
   */
  readonly readyz: (req: IncomingMessage, res: ServerResponse) => void;
  /**
   * How the application's services are, in words: `{ status, timestamp, services: { mongodb: "connected", redis: "connected" } }`. `status` is
   * `"ok"`, `"degraded"` while only the ground is away, and `"error"`, with 503, when a check fails.
   */
  readonly health: (req: IncomingMessage, res: ServerResponse) => void;
}

const CHECK_WITHIN_MS = 1_000;

/**
 * Makes the health of a node. Mount it where probes look: `app.get("/livez", health.livez)`. What failing checks say is told without secrets.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option or a service that is not known
 */
export function createHealth(live: MeasuredLive, options: HealthOptions = {}): Health {
  refuseUnknown("createHealth", options, ["checks", "services"]);
  const { checks = {} } = options;
  const services = readServices(options.services, checks);

  async function checked(check: HealthCheck): Promise<{ status: HealthStatus; output?: string }> {
    const over = new AbortController();
    try {
      const late = new Promise<never>((_resolve, reject) => {
        const cancel = live.door.clock.after(CHECK_WITHIN_MS, () =>
          reject(new Error("no answer within a second")),
        );
        over.signal.addEventListener("abort", cancel);
      });
      await Promise.race([check(), late]);
      return { status: "pass" };
    } catch (error) {
      return { status: "fail", output: redactText(error instanceof Error ? error.message : String(error)) };
    } finally {
      over.abort();
    }
  }

  function ground(): HealthReport["checks"][string] {
    if (!live.door.applied()) return { status: "fail", output: "has not heard from the ground yet" };
    const status = live.status();
    return status.state === "here" ? { status: "pass" } : { status: "warn", output: status.cause };
  }

  async function report(): Promise<HealthReport> {
    const named = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await checked(check)] as const),
    );
    const all = { ground: ground(), ...Object.fromEntries(named) };
    return { status: worstOf(Object.values(all)), node: live.node, checks: all };
  }

  async function tellServices(): Promise<ServicesReport> {
    const told = await Promise.all(
      Object.entries(services).map(async ([name, service]) => {
        const { status } = service.check === "ground" ? ground() : await checked(service.check);
        return [name, service, status] as const;
      }),
    );
    const timestamp = new Date(live.door.date()).toISOString();
    return worded(told, timestamp);
  }

  return {
    report,
    livez(_req, res) {
      send(res, 200, { status: "pass", node: live.node });
    },
    readyz(_req, res) {
      live.door.tasks.track(report().then((found) => send(res, found.status === "fail" ? 503 : 200, found)));
    },
    health(_req, res) {
      live.door.tasks.track(
        tellServices().then((found) => send(res, found.status === "error" ? 503 : 200, found)),
      );
    },
  };
}

function worstOf(checks: readonly { readonly status: HealthStatus }[]): HealthStatus {
  const all = checks.map(({ status }) => status);
  if (all.includes("fail")) return "fail";
  return all.includes("warn") ? "warn" : "pass";
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  res.end(JSON.stringify(body));
}
