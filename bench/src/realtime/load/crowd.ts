import type { Member } from "./member.ts";

/** How clients come back. */
export interface ComebackPlan {
  readonly ports: readonly number[];
  /** Each waits a part of this, drawn evenly: what a client library's jitter does. */
  readonly spreadMs: number;
  readonly withinMs: number;
}

/** How many connect at once when nothing else is said: as many as a server's backlog takes without trouble. */
const AT_ONCE = 100;
/** Pauses between attempts grow up to this. */
const LONGEST_PAUSE_MS = 2_000;

/** Longest that a member tries to get in when nothing else is said. A server may admit only so many a second. */
const CONNECT_WITHIN_MS = 60_000;

/** Connects members, spread over ports in turns. */
export async function connectAll(ports: readonly number[], members: readonly Member[]): Promise<void> {
  const queue = members.entries();
  const endsAtMs = performance.now() + CONNECT_WITHIN_MS;
  async function work(): Promise<void> {
    for (const [index, member] of queue) await comeBack(member, ports[index % ports.length]!, endsAtMs);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Lets all members come back, each for itself. Answers when the last was in, and how many attempts it took in all. */
export async function comeBackAll(
  members: readonly Member[],
  { ports, spreadMs, withinMs }: ComebackPlan,
): Promise<{ tookMs: number; attempts: number }> {
  const startedAt = performance.now();
  const back = members.map(async (member, index) => {
    await pause(Math.random() * spreadMs);
    return comeBack(member, ports[index % ports.length]!, startedAt + withinMs);
  });
  const attempts = await Promise.all(back);
  return { tookMs: performance.now() - startedAt, attempts: attempts.reduce((sum, one) => sum + one, 0) };
}

/** Tries until it is in. */
async function comeBack(member: Member, port: number, endsAtMs: number): Promise<number> {
  for (let attempts = 1; ; attempts++) {
    try {
      await member.connect(port);
      return attempts;
    } catch (error) {
      if (performance.now() > endsAtMs) throw error;
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 100 * 2 ** attempts));
    }
  }
}

/** Resolves after a time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
