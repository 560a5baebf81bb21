import { LiveError } from "@livecache/wire";
import type { ServerReport } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { GroundAdvice } from "../ports/ground.ts";
import type { Whereabouts } from "./endpoint.ts";
import { isReply } from "./failure.ts";
import { adviceOf, evictingPolicyOf, readInfo } from "./server-advice.ts";
import type { ServerFacts } from "./server-advice.ts";
import { askServer } from "./server-report.ts";
import type { Send, Wire } from "./wire.ts";

/** What looking at servers needs. */
export interface AdvisorParts {
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Whether sessions and revocations may be kept where they may be thrown away. */
  readonly evictionAllowed: boolean;
  readonly where: Whereabouts;
}

/** Knows what should be otherwise with the servers of a ground. */
export interface Advisor {
  /** Looks at a server over a new connection, and every minute until that ends. Resolves after the first look; never rejects. */
  look(server: string, wire: Pick<Wire, "send" | "ended">): Promise<void>;
  advice(): readonly GroundAdvice[];
  /** What the servers say of themselves now; those that do not answer are left out. */
  servers(): Promise<readonly ServerReport[]>;
  /**
   * Whether sessions and revocations may be written. Decided by the first look at each server: a policy that is changed later is told as
   * advice, because refusing everybody who signs in from then on would be an outage.
   *
   * @throws LiveError `LIVE_GROUND_UNSAFE`
   */
  checkKeeps(what: string): void;
}

const LOOK_EVERY_MS = 60_000;

const LOCAL_HOST = /^(localhost|127\.[\d.]+|::1)$/i;
const LOCAL_END = / laddr=(127\.|\[?::1\]?:|\[?::ffff:127\.|\/)/;

/** Makes an advisor that has seen nothing. */
export function createAdvisor(parts: AdvisorParts): Advisor {
  const { clock, tasks, evictionAllowed } = parts;
  const way = wayTo(parts.where);
  const found = new Map<string, readonly GroundAdvice[]>();
  /** The connections that servers are looked at over. */
  const sends = new Map<string, Send>();
  /** What each server would throw away by when it was looked at first. */
  const policies = new Map<string, string | undefined>();

  async function lookOnce(server: string, send: Send): Promise<void> {
    const facts = await readFacts(send, way);
    if (!facts) return;
    const advice = adviceOf(facts);
    found.set(server, evictionAllowed ? advice.filter(({ code }) => code !== "eviction") : advice);
    if (facts.info && !policies.has(server)) policies.set(server, evictingPolicyOf(facts));
  }

  async function lookOn(server: string, { send, ended }: Pick<Wire, "send" | "ended">): Promise<void> {
    const over = new AbortController();
    sends.set(server, send);
    function end(): void {
      over.abort();
      if (sends.get(server) === send) sends.delete(server);
    }
    tasks.track(ended.then(end));
    for (;;) {
      await sleep(clock, LOOK_EVERY_MS, over.signal);
      if (over.signal.aborted) return;
      await lookOnce(server, send);
    }
  }

  return {
    async look(server, wire) {
      await lookOnce(server, wire.send);
      tasks.track(lookOn(server, wire));
    },
    advice: () => [...new Map([...found.values()].flat().map((one) => [one.code, one])).values()],
    async servers() {
      const asked = [...sends].map(([place, send]) => askServer(send, { place, clock }));
      return (await Promise.all(asked)).filter((report) => report !== undefined);
    },
    checkKeeps(what) {
      if (evictionAllowed) return;
      const policy = [...policies.values()].find((one) => one !== undefined);
      if (policy !== undefined) throw unsafe(what, policy);
    },
  };
}

/** How we come to the servers. */
type Way = Pick<ServerFacts, "hasPassword" | "isEncrypted" | "isLocal">;

export function wayTo(where: Whereabouts): Way {
  const { password, tls } = where.kind === "standalone" ? where.server.access : where.access;
  const isLocal = where.kind === "standalone" && LOCAL_HOST.test(where.server.host);
  return { hasPassword: password !== undefined, isEncrypted: tls !== undefined, isLocal };
}

/** `undefined` when the server did not answer: then nothing is known anew. */
export async function readFacts(send: Send, way: Way): Promise<ServerFacts | undefined> {
  const asked = [
    ["INFO", "server", "memory", "persistence"],
    ["CLIENT", "INFO"],
  ] as const;
  // A refusal is an answer too: this user may not ask.
  const ask = (command: readonly string[]): Promise<unknown> =>
    send(command, { always: true }).catch((error: unknown) => (isReply(error) ? null : undefined));
  const [info, client] = await Promise.all(asked.map(ask));
  if (info === undefined || client === undefined) return undefined;
  const line = typeof client === "string" ? client : "";
  return {
    info: typeof info === "string" ? readInfo(info) : undefined,
    user: / user=(\S+)/.exec(line)?.[1],
    hasPassword: way.hasPassword,
    isEncrypted: way.isEncrypted,
    // Its own end of the connection says it too.
    isLocal: way.isLocal || LOCAL_END.test(line),
  };
}

function unsafe(what: string, policy: string): LiveError {
  return new LiveError(
    "LIVE_GROUND_UNSAFE",
    `${what}: maxmemory-policy is ${policy}, so that a full Redis throws away sessions and revocations. ` +
      "Set `maxmemory-policy noeviction`, give them a Redis of their own, or say that you accept it: openRedis(address, { evictionAllowed: true }).",
    { details: { policy } },
  );
}
