import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * The processes that a process has started and that still run. PostgreSQL has one per connection, each the leader of a
 * group of its own, so that no signal to a group reaches them.
 */
export function childrenOf(pid: number): number[] {
  return allProcesses()
    .filter(({ parent, state }) => parent === pid && !state.startsWith("Z"))
    .map((entry) => entry.pid);
}

/** Whether it runs; one that has ended and that nobody has asked for its exit code does not. */
export function isRunning(pid: number): boolean {
  return allProcesses().some((entry) => entry.pid === pid && !entry.state.startsWith("Z"));
}

/** Sends a signal to each that is still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function allProcesses(): Entry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** Without `ps`, which small images leave out. */
function fromProc(): Entry[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name before it is in parentheses, and may hold anything.
      const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(pid), parent: Number(parent), state }];
    } catch {
      return [];
    }
  });
}

function fromPs(): Entry[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,state="], { encoding: "utf8" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state = ""]) => ({ pid: Number(pid), parent: Number(parent), state }));
}
