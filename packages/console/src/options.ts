import type { IncomingMessage } from "node:http";
import { LiveError } from "@livecache/wire";
import type { OperationsOptions } from "livecache/operations";

/** A link to another console. */
export interface ConsoleLink {
  readonly title: string;
  /** A path, or an address that begins with `http:` or `https:`. */
  readonly href: string;
}

/** Options of `createConsole`. */
export interface ConsoleOptions<Request extends IncomingMessage> extends OperationsOptions<Request> {
  /** Stands above the pages, and in the browser's tab. Default: `Livecache`. */
  readonly title?: string;
  /** Other consoles that the pages link to, such as those of other applications: at most 20. */
  readonly others?: readonly ConsoleLink[];
  /** Where nobody can sign in: a link on the page that refuses them. */
  readonly signIn?: string;
  /** Where it is mounted, such as `/livecache`, on a plain `node:http` server. Express says it by itself. */
  readonly path?: string;
}

/** Options that were checked. */
export interface CheckedOptions<Request extends IncomingMessage> {
  readonly title: string;
  readonly others: readonly ConsoleLink[];
  readonly signIn: string | undefined;
  /** `""`: whoever mounts it takes its path away. */
  readonly path: string;
  /** The rest, which is the JSON interface's to check. */
  readonly forOperations: OperationsOptions<Request>;
}

const LONGEST_TITLE = 80;
const MOST_OTHERS = 20;

/** @throws LiveError `LIVE_OPTIONS_INVALID` */
export function readOptions<Request extends IncomingMessage>(
  options: ConsoleOptions<Request>,
): CheckedOptions<Request> {
  if (typeof options !== "object" || options === null) throw invalid("", "an object with a guard", options);
  const { title = "Livecache", others = [], signIn, path = "", ...forOperations } = options;
  if (!isTitle(title)) throw invalid("title", `1 to ${LONGEST_TITLE} characters`, title);
  if (signIn !== undefined && !isHref(signIn)) throw invalid("signIn", "a path or an http address", signIn);
  if (typeof path !== "string" || !/^$|^(\/[\w.~-]+)+$/.test(path)) {
    throw invalid("path", "where it is mounted, such as /livecache", path);
  }
  if (!Array.isArray(others) || others.length > MOST_OTHERS || !others.every(isLink)) {
    throw invalid(
      "others",
      `at most ${MOST_OTHERS} of { title, href }, href a path or an http address`,
      others,
    );
  }
  const links = others.map((other) => ({ title: other.title, href: other.href }));
  return { title, others: links, signIn, path, forOperations };
}

function isTitle(title: unknown): title is string {
  return typeof title === "string" && title.trim() !== "" && title.length <= LONGEST_TITLE;
}

function isLink(link: unknown): link is ConsoleLink {
  const { title, href } = (link ?? {}) as Partial<ConsoleLink>;
  return isTitle(title) && isHref(href);
}

/** No `javascript:`, whoever wrote the options. */
function isHref(href: unknown): href is string {
  return typeof href === "string" && /^(https?:\/\/|\/(?!\/)|\.{1,2}\/)/.test(href);
}

function invalid(name: string, expected: string, received: unknown): LiveError {
  const shown = (JSON.stringify(received) ?? typeof received).slice(0, 80);
  const what = name === "" ? "createConsole" : `createConsole: ${name}`;
  return new LiveError("LIVE_OPTIONS_INVALID", `${what}: expected ${expected}, received ${shown}.`, {
    details: name === "" ? {} : { option: name },
  });
}
