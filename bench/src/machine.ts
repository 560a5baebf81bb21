import { execFile } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { promisify } from "node:util";

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly redis: string;
  readonly date: string;
  /** Load average of one minute when the run began: above 0.5 others were at work too. */
  readonly loadAtStart: number;
}

/** The load average of the last minute. */
function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** Looks at the machine. */
export async function describeMachine(): Promise<Machine> {
  const program = process.env["REDIS_SERVER"] ?? "redis-server";
  const { stdout } = await promisify(execFile)(program, ["--version"]);
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    redis: /v=(\S+)/.exec(stdout)?.[1] ?? stdout.trim(),
    date: new Date().toISOString(),
    loadAtStart: loadNow(),
  };
}
