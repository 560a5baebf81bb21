import { until } from "@livecache/rig";
import { nowUs } from "../sites/site.ts";
import type { Member } from "./member.ts";

/** How members come and go. */
export interface ChurnPlan {
  readonly channel: string;
  readonly times: number;
  readonly perSecond: number;
}

/** How long an answer is waited for. A server that knows no such frame gives none at all. */
const ANSWER_WITHIN_MS = 3_000;

/** Makes what watches who is there. */
export function createPresence() {
  let seen: { readonly count: number; readonly atUs: number } = { count: -1, atUs: 0 };

  async function ask(
    member: Member,
    frame: string,
    request: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`nobody answers "${frame}"`)), ANSWER_WITHIN_MS);
    });
    const reply = await Promise.race([member.ask(frame, request), silence]).finally(() =>
      clearTimeout(timer),
    );
    if (reply["ok"] !== true) throw new Error(`${frame} was refused: ${JSON.stringify(reply)}`);
    return reply;
  }

  return {
    /** The last count that any member was told. */
    onFrame(name: string, body: unknown): void {
      if (name !== "presence-diff") return;
      const { count } = body as { readonly count: number };
      seen = { count, atUs: nowUs() };
    },
    /** How many the server says are in a channel. */
    async count(members: readonly Member[], channel: string): Promise<number> {
      const { count } = await ask(members.at(-1)!, "presence", { channel });
      seen = { count: Number(count), atUs: nowUs() };
      return Number(count);
    },
    /** Resolves with the moment at which the members were told of exactly so many. */
    async countBecomes(count: number, withinMs: number): Promise<number> {
      await until(() => seen.count === count, {
        what: `${count} are told to be there; told were ${seen.count}`,
        withinMs,
      });
      return seen.atUs;
    },
    /** One after the other leaves and enters again, all but the last, which listens. */
    async churn(members: readonly Member[], { channel, times, perSecond }: ChurnPlan): Promise<number> {
      const startedAt = performance.now();
      const busy: Promise<unknown>[] = [];
      for (let time = 0; time < times; time++) {
        const dueMs = startedAt + (time * 1_000) / perSecond - performance.now();
        if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
        const member = members[time % (members.length - 1)]!;
        busy.push(ask(member, "leave", { channel }).then(() => ask(member, "join", { channel })));
      }
      await Promise.all(busy);
      return performance.now() - startedAt;
    },
  };
}
