import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Live, LiveDoor } from "../assembly/create-live.ts";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { isPromiseLike } from "../base/promise-like.ts";
import type { CachedRoute, Entrance } from "../http/cached-route.ts";
import { createAnswers } from "./answer.ts";
import type { Answers } from "./answer.ts";
import { standingOf } from "./standing.ts";
import { createRequestReader } from "./pass-key.ts";
import type { LaneRequest } from "./pass-key.ts";
import { createPasses } from "./passes.ts";
import type { Pass, Passes } from "./passes.ts";

/** Options of {@link createLane}. */
export interface LaneOptions<I extends Identity = Identity> {
  /**
   * Whether this request may be answered, besides what `identify` says: everything else that the application's middleware turns
   * requests away for, such as a ban, maintenance or a rate. Asked for every answer of the lane.
   */
  readonly admit?: (identity: I | undefined, request: IdentifyRequest) => boolean | Promise<boolean>;
  /** How often at least the framework sees each request again. Default 10 s, at most a minute. */
  readonly passFor?: Duration;
  /** Further request headers that are different each time and matter to nobody. */
  readonly ignoreHeaders?: readonly string[];
  /** Most bytes that are kept of requests. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** What the lane has done so far. */
export interface LaneFigures {
  readonly answered: number;
  /** Requests that had a pass and went to the framework all the same: who asked has changed, `admit` said no, no near hit. */
  readonly identityChanged: number;
  readonly notAdmitted: number;
  readonly missed: number;
}

/** A lane past the framework, for what this node's memory can answer. */
export interface Lane extends Entrance {
  /** Puts the lane before the listeners that the server has now, for good or until `close()`. */
  attach(server: Server): void;
  figures(): LaneFigures;
  /** Gives the servers back to their frameworks. Idempotent. */
  close(): void;
}

const DEFAULT_PASS_FOR = "10s";
const MAX_PASS_MS = 60_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** The parts of a lane at work. */
interface LaneParts {
  readonly door: LiveDoor;
  readonly read: (request: IncomingMessage) => LaneRequest;
  readonly passes: Passes<CachedRoute>;
  readonly answers: Answers;
  readonly admit: LaneOptions["admit"];
  readonly counts: { -readonly [Name in keyof LaneFigures]: number };
}

/**
 * Makes a fast lane: near hits of the routes that name it are answered before the framework runs, at nearly the speed of bare
 * `node:http`.
 *
 * What it answers: a request that is the same, header by header and from the same address, as two that the framework let through
 * within the last `passFor`, whose identity — asked anew each time — is the same in every field, that `admit` lets in, and for
 * which this node's memory holds a current response. Everything else goes to the framework, untouched.
 *
 * What it asks of the application: whatever its middleware turns a request away for is a part of the request, is seen by
 * `identify` from the headers alone, or is said by `admit`. What its middleware does besides (logs, counts, sessions that are touched)
 * does not happen for requests that the lane answers. `docs/how-to/fast-lane.md` has both sides.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value
 */
export function createLane<I extends Identity>(
  live: { readonly door: LiveDoor<I> } | Pick<Live, "door">,
  options: LaneOptions<I> = {},
): Lane {
  refuseUnknown("createLane", options, ["admit", "passFor", "ignoreHeaders", "maxBytes"]);
  const { admit, passFor = DEFAULT_PASS_FOR, ignoreHeaders = [], maxBytes = DEFAULT_MAX_BYTES } = options;
  if (admit !== undefined && typeof admit !== "function") {
    throw invalidOption("createLane: admit", "a function", admit);
  }
  if (!Array.isArray(ignoreHeaders) || ignoreHeaders.some((name) => typeof name !== "string")) {
    throw invalidOption("createLane: ignoreHeaders", "a list of header names", ignoreHeaders);
  }
  const passMs = durationMs("createLane: passFor", passFor);
  if (passMs > MAX_PASS_MS) throw invalidOption("createLane: passFor", "at most a minute", passFor);
  const limits = { passMs, maxBytes: wholeNumber("createLane: maxBytes", maxBytes, [1_024, 2 ** 30]) };
  const door = live.door as LiveDoor;
  const parts: LaneParts = {
    door,
    read: createRequestReader(ignoreHeaders),
    passes: createPasses<CachedRoute>(door.clock, limits),
    answers: createAnswers(door),
    admit: admit as LaneOptions["admit"],
    counts: { answered: 0, identityChanged: 0, notAdmitted: 0, missed: 0 },
  };
  const attached = new Map<Server, () => void>();
  return {
    note({ incoming, route, key, digest, identity, standing }) {
      const { key: requestKey } = parts.read(incoming);
      if (requestKey === undefined) return;
      const kept = standingOf(standing);
      if (!kept) return parts.passes.revoke(requestKey);
      const print = fingerprint(identity);
      parts.passes.note(requestKey, { route, key, digest, identity: print, standing: kept });
    },
    attach(server) {
      if (!attached.has(server)) attached.set(server, takeOver(server, parts));
    },
    figures: () => ({ ...parts.counts }),
    close() {
      for (const giveBack of attached.values()) giveBack();
      attached.clear();
      parts.passes.clear();
    },
  };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Puts the lane before the server's listeners; the answer puts them back. */
function takeOver(server: Server, parts: LaneParts): () => void {
  const framework = server.listeners("request") as Listener[];
  if (framework.length === 0) {
    const expected = "a server whose framework is mounted: attach the lane last";
    throw invalidOption("lane.attach", expected, "a server without a listener");
  }
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of framework) listener.call(server, request, response);
  };
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    const asked = parts.read(request);
    const pass = asked.key === undefined ? undefined : parts.passes.find(asked.key);
    if (!pass) return forward(request, response);
    const outcome = attempt(parts, { request, response, asked, pass });
    if (outcome === true) return;
    if (outcome === false) return forward(request, response);
    parts.door.tasks.track(
      outcome.then((isDone) => {
        if (!isDone) forward(request, response);
      }),
    );
  };
  server.removeAllListeners("request");
  server.on("request", listen);
  return () => {
    server.off("request", listen);
    for (const listener of framework) server.on("request", listener);
  };
}

interface Attempt {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: LaneRequest;
  readonly pass: Pass<CachedRoute>;
}

/**
 * Answers a request that has a pass; `false`: the framework has to. Neither throws nor rejects. Nothing waits where `identify` and
 * `admit` answer at once: a promise for each request would cost as much as all the rest.
 */
function attempt(parts: LaneParts, attempted: Attempt): boolean | Promise<boolean> {
  const { request } = attempted;
  const question: IdentifyRequest = { headers: request.headers, url: request.url ?? "", native: request };
  // Where one of them fails, the framework asks the same, and its error handling answers.
  const failed = (): false => refuse(parts.counts, "notAdmitted");
  try {
    const identity = parts.door.identifyNow(question);
    return isPromiseLike(identity)
      ? identity.then((found) => admitted(parts, attempted, { question, identity: found })).catch(failed)
      : admitted(parts, attempted, { question, identity });
  } catch {
    return failed();
  }
}

function admitted(
  parts: LaneParts,
  attempted: Attempt,
  { question, identity }: { readonly question: IdentifyRequest; readonly identity: Identity | undefined },
): boolean | Promise<boolean> {
  const { counts, admit } = parts;
  if (fingerprint(identity) !== attempted.pass.identity) return refuse(counts, "identityChanged");
  const may = admit ? admit(identity, question) : true;
  if (isPromiseLike(may)) {
    const decide = (isLet: boolean): boolean =>
      isLet === true ? write(parts, attempted) : refuse(counts, "notAdmitted");
    return Promise.resolve(may).then(decide, () => refuse(counts, "notAdmitted"));
  }
  return may === true ? write(parts, attempted) : refuse(counts, "notAdmitted");
}

function write({ counts, answers }: LaneParts, { request, response, asked, pass }: Attempt): boolean {
  const reply = answers.of(pass, asked, request);
  if (!reply) return refuse(counts, "missed");
  counts.answered++;
  response.writeHead(reply.status, reply.head);
  response.end(request.method === "HEAD" ? undefined : reply.body);
  return true;
}

function refuse(counts: LaneParts["counts"], why: keyof LaneFigures): false {
  counts[why]++;
  return false;
}

/** Everything that `identify` said, as text. */
function fingerprint(identity: Identity | undefined): string {
  return identity === undefined ? "" : JSON.stringify(identity);
}
