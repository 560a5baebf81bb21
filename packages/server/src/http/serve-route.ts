import { LiveError } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Load, NearHit, Resolved } from "../cache/request.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { StoreCause } from "./causes.ts";
import { isUnrepeatable } from "./guard.ts";
import type { HandlerRun, HeldRun } from "./handler-run.ts";
import {
  NOTHING,
  RerunFailure,
  bypassMarks,
  judge,
  loadedByRerun,
  loadedByRun,
  runOrder,
} from "./loading.ts";
import { withOwnTag } from "./own-tags.ts";
import { planRequest } from "./plan.ts";
import type { Lookup, Plan } from "./plan.ts";
import { nearReply } from "./prepared.ts";
import { offerPush } from "./push-source.ts";
import { replyTo } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { RouteHost } from "./route-host.ts";
import { storeFault } from "./storable.ts";
import { responseCodec } from "./stored-response.ts";
import type { StoredResponse } from "./stored-response.ts";
import { surrogateList } from "./surrogate.ts";

/** One request on a cached route. */
interface Exchange {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly host: RouteHost;
}

/**
 * Answers one request on a cached route, whatever the framework: from memory at once, or else from the ground or the handler. Throws
 * or rejects with what belongs to the framework's error handling; nothing has been sent then.
 */
export function serveRoute(door: LiveDoor, route: CachedRoute, host: RouteHost): void | Promise<void> {
  const exchange = { door, route, host };
  const plan = planRequest(route, host.request, () => host.identity());
  return plan instanceof Promise ? plan.then((made) => follow(exchange, made)) : follow(exchange, plan);
}

function follow(exchange: Exchange, plan: Plan): void | Promise<void> {
  const { door, route, host } = exchange;
  if (plan.type === "bypass") return host.bypass(bypassMarks(route, plan.cause));
  if (host.isNested) throw nested(exchange);
  const { consistency, refreshAt } = route.freshness;
  const hit =
    consistency === "fresh" ? undefined : door.cache.peek<StoredResponse>(plan.key, host.fence, refreshAt);
  return hit ? answerNear(exchange, plan, hit) : readThrough(exchange, plan);
}

/** The inner one would wait for the outer one, or the outer one share what the inner one keeps apart. */
function nested({ host: { request } }: Exchange): LiveError {
  return new LiveError(
    "LIVE_OPTIONS_INVALID",
    `cached: ${request.method} ${request.target} goes through cached twice. Keep one of them: the one nearest to the handler.`,
  );
}

function answerNear(
  { door, route, host }: Exchange,
  lookup: Lookup,
  hit: NearHit<StoredResponse>,
): void | Promise<void> {
  const { request } = host;
  const standing = host.standing();
  const reply = nearReply({ door, route, lookup, hit, request, standing });
  noteInLane({ route, host }, lookup, { reply, standing });
  if (route.push) offerPush({ door, route, host }, lookup.key);
  return host.send(reply, undefined);
}

async function readThrough(exchange: Exchange, lookup: Lookup): Promise<void> {
  const { door, route, host } = exchange;
  const { key, identity } = lookup;
  const { freshness, version } = route;
  const own: { run?: HandlerRun } = {};
  const again = host.rerun;
  const load: Load<StoredResponse> = async ({ isBackground }) => {
    const order = runOrder(route, door.applied());
    // A client that is answered before its handler has ended needs its response for that.
    if (again && (isBackground || freshness.hardTimeoutMs !== undefined)) {
      return loadedByRerun(route, withOwnTag(route, identity, await rerun(again({ ...order, key }))));
    }
    own.run = withOwnTag(route, identity, await host.run(order));
    return loadedByRun(route, own.run);
  };
  let resolved: Resolved<StoredResponse>;
  try {
    resolved = await door.cache.resolve({
      key,
      codec: responseCodec,
      load,
      freshness,
      version,
      fence: host.fence,
    });
    if (own.run?.type === "failed") throw own.run.error;
  } catch (error) {
    if (own.run && own.run.type !== "released") host.reopen();
    // A rerun's error is not this client's: its own handler may well answer it.
    if (!own.run && error instanceof RerunFailure) return runAlone(exchange, lookup);
    throw error;
  }
  if (own.run?.type === "released") return;
  if (!own.run && resolved.value === NOTHING) return runAlone(exchange, lookup);
  if (resolved.reason === "joined") await route.landings.take(door.clock);
  return answer(exchange, lookup, { resolved, run: own.run });
}

/** Whatever keeps a rerun from its end is a failure of the origin. */
async function rerun(run: Promise<HandlerRun>): Promise<HandlerRun> {
  try {
    return await run;
  } catch (cause) {
    if (cause instanceof RerunFailure) throw cause;
    throw new RerunFailure(`the rerun failed: ${String(cause)}`, { cause });
  }
}

/** Runs the handler for this client, and shares nothing. */
async function runAlone(exchange: Exchange, lookup: Lookup): Promise<void> {
  const { door, route, host } = exchange;
  const position = door.applied();
  const run = withOwnTag(route, lookup.identity, await host.run(runOrder(route, position)));
  if (run.type === "released") return;
  if (run.type === "failed") {
    host.reopen();
    throw run.error;
  }
  const { value } = judge(route, run);
  const how = { source: "load", reason: "not-storable", stored: false, ttlLeftMs: 0, ageMs: 0 } as const;
  return answer(exchange, lookup, { resolved: { ...how, value, position, tags: run.tags }, run });
}

interface Answer {
  readonly resolved: Resolved<StoredResponse>;
  /** How this request came to the response, if it ran the handler itself. */
  readonly run: HeldRun | undefined;
}

function answer(
  { door, route, host }: Exchange,
  lookup: Lookup,
  { resolved, run }: Answer,
): void | Promise<void> {
  const { key, digest } = lookup;
  const { position } = resolved;
  const tags = run?.tags ?? resolved.tags;
  const token =
    position &&
    door.tokens.mint({ key, tags, vary: route.identityFields, digest, position, push: route.push });
  const cause: StoreCause | undefined = run && storeFault(run.head, route);
  const standing = host.standing();
  const reply = replyTo({ route, request: host.request.headers, standing, resolved, cause, token });
  if (run) warnOfLeftOut({ door, route }, tags);
  else noteInLane({ route, host }, lookup, { reply, standing });
  if (route.push && token !== undefined) offerPush({ door, route, host }, key);
  return host.send(reply, run);
}

/** Once per route: a network that does not know a tag cannot forget by it. */
function warnOfLeftOut({ door, route }: Pick<Exchange, "door" | "route">, tags: readonly string[]): void {
  const { surrogate, warned } = route.outward;
  if (surrogate === undefined || warned.has(surrogate)) return;
  const { leftOut } = surrogateList(surrogate, tags);
  if (leftOut === 0) return;
  warned.add(surrogate);
  door.warn(`${surrogate}: the tags of a response are longer than 16 KB, so some were left out`, { leftOut });
}

/** Tells the route's lane of a request that the framework let through, and that was answered without its handler. */
function noteInLane(
  { route, host }: Pick<Exchange, "route" | "host">,
  { key, digest, identity }: Lookup,
  { reply, standing }: { readonly reply: Reply; readonly standing: RouteHost["request"]["headers"] },
): void {
  const { incoming } = host;
  if (!route.lane || !incoming || (reply.status !== 200 && reply.status !== 304)) return;
  if (isUnrepeatable(incoming)) return;
  route.lane.note({ incoming, route, key, digest, identity, standing });
}
