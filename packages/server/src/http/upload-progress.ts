import type { IncomingMessage, ServerResponse } from "node:http";
import { formatChannel } from "@livecache/wire";
import type { UploadProgress } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { randomWord } from "../base/ids.ts";
import { createProgressTeller } from "./progress-teller.ts";

/** A channel, as `live.whisper` takes it. */
export interface UploadChannel {
  readonly pattern: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Options of {@link uploadProgress}. */
export interface UploadOptions<Request> {
  /** Whose members see the progress; `undefined` for an upload whose progress nobody sees. Asked once, when the request comes. */
  readonly channel: (req: Request) => UploadChannel | undefined;
  /** Name of the whisper, which the contract declares with `uploadSchema`. Default `"upload"`. */
  readonly whisper?: string;
}

/** A middleware of Express, and of a plain `node:http` server, which needs no `next`. */
export type UploadMiddleware<Request> = (req: Request, res: ServerResponse, next?: () => void) => void;

/** The header by which a client names its upload, and learns the name that it was given otherwise. */
const ID_HEADER = "upload-id";
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Makes a middleware that tells the members of a channel how far a request's body has arrived: as a whisper
 * `{ id, loaded, total, percent }`, at most 10 a second, and a last one with `done` or `failed`. `done` means that all of it has come and was
 * answered with a status below 400; an upload that is broken off, or refused, has failed.
 *
 * It only counts the bytes as they come in from the connection, so any parser may read the body behind it. Where the client does not say
 * how many there will be (chunked bodies) there is no `total`. The client names the upload in the header `Upload-Id` (1 to 64 letters, digits,
 * `-` and `_`), or else the server does; the response carries the name. Nothing here disturbs the upload: what cannot be told is logged, and
 * while the ground is away this node's members are told.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function uploadProgress<Request extends IncomingMessage>(
  live: { readonly door: Pick<LiveDoor, "hub" | "clock" | "tasks" | "warn"> },
  options: UploadOptions<Request>,
): UploadMiddleware<Request> {
  refuseUnknown("uploadProgress", options, ["channel", "whisper"]);
  const { channel: channelOf, whisper: name = "upload" } = options;
  if (typeof channelOf !== "function") {
    throw invalidOption("uploadProgress: channel", "a function of the request", channelOf);
  }
  if (typeof name !== "string" || name === "") {
    throw invalidOption("uploadProgress: whisper", "the name of a whisper of the contract", name);
  }
  const { hub, clock, tasks, warn } = live.door;

  function begin(req: Request, res: ServerResponse): void {
    const found = hasBody(req) ? channelOf(req) : undefined;
    if (!found) return;
    const channel = formatChannel(found.pattern, found.params);
    const { move, end } = createProgressTeller({
      clock,
      tasks,
      // Several uploads go on at a time, and none may swallow the end of another.
      tell: (progress) => hub.whisper({ channel, name, data: progress, about: progress.id }),
      onFailed: (error) => warn("the progress of an upload could not be told", { channel, error }),
    });
    follow(req, res, { move, end });
  }

  return (req, res, next) => {
    try {
      begin(req, res);
    } catch (error) {
      warn("the progress of an upload is not told, because its channel is not known", { error });
    }
    next?.();
  };
}

/** Counts what comes in until the response is over. */
function follow(
  req: IncomingMessage,
  res: ServerResponse,
  { move, end }: Pick<ReturnType<typeof createProgressTeller>, "move" | "end">,
): void {
  const given = req.headers[ID_HEADER];
  const id = typeof given === "string" && ID.test(given) ? given : randomWord(16);
  if (!res.headersSent) res.setHeader("Upload-Id", id);
  const total = readLength(req);
  // What has come before waits to be read.
  let loaded = req.readableLength;
  const progress = (): UploadProgress => {
    if (total === undefined) return { id, loaded };
    return { id, loaded, total, percent: Math.floor((loaded / total) * 100) };
  };
  let isClosed = false;
  /** A body may end before it is answered, and be answered before it has ended. */
  function settle(): void {
    const isAnswered = isClosed && res.writableFinished;
    const isBroken = (isClosed && !isAnswered) || (req.destroyed && !req.complete);
    if (!isBroken && !(req.complete && isAnswered)) return;
    const isDone = !isBroken && res.statusCode < 400;
    end(isDone ? { ...progress(), done: true } : { ...progress(), failed: true });
  }
  countPushed(req, (bytes) => {
    loaded += bytes;
    if (bytes > 0) move(progress());
    else settle();
  });
  req.once("close", settle);
  res.once("close", () => {
    isClosed = true;
    settle();
  });
  move(progress());
}

/**
 * Tells of every piece that the connection puts into the request, and of its end as 0, without reading it: whoever reads it decides
 * how fast.
 */
function countPushed(req: IncomingMessage, onBytes: (count: number) => void): void {
  const { push } = req;
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    onBytes(chunk?.length ?? 0);
    return push.call(req, chunk, encoding);
  };
}

function hasBody(req: IncomingMessage): boolean {
  return req.headers["transfer-encoding"] !== undefined || readLength(req) !== undefined;
}

/** The length that the client announces; `undefined` for none, or nothing. */
function readLength({ headers }: IncomingMessage): number | undefined {
  const length = Number(headers["content-length"]);
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}
