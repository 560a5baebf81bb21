import { LiveError } from "@livecache/wire";
import { refuseUnknown } from "../base/check.ts";
import { isSameHost, readOrigins } from "../base/origin.ts";

/** Options of `sameOriginWrites`. */
export interface SameOriginOptions {
  /**
   * Origins besides the server's own whose pages may write, such as `https://app.example.com`. Behind a proxy that rewrites `Host`, the
   * server's own public origin belongs here too, for the sake of browsers that do not send `Sec-Fetch-Site`. Default: none.
   */
  readonly origins?: readonly string[];
}

/** What is asked of a request, by its method and its headers, whose names are in lower case. */
export type JudgeOrigin = (
  method: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
) => LiveError | undefined;

/** Methods that change nothing by what HTTP says of them (RFC 9110, 9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Tells writes that another site made a browser send, with its user's cookies, from those of the application's own pages.
 *
 * Browsers say in `Sec-Fetch-Site` how the page and the server are related, and no page can forge it, nor can a proxy that rewrites
 * `Host` spoil it: `same-origin` passes, and so does `none`, which is the user's own doing. Another subdomain is `same-site`, and refused.
 * Browsers that do not send it say in `Origin` where the page is from; its host has to be that of `Host`. A request with neither is not
 * a browser's, so nobody was tricked into it: programs pass. A listed origin passes in any case.
 *
 * The answer gives `LIVE_ORIGIN_REFUSED` for a write that is refused, `undefined` otherwise.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function judgeOrigin(options: SameOriginOptions = {}): JudgeOrigin {
  refuseUnknown("sameOriginWrites", options, ["origins"]);
  const origins = readOrigins("sameOriginWrites: origins", options.origins);
  return (method, headers) => {
    if (SAFE_METHODS.has(method.toUpperCase())) return undefined;
    const site = headers["sec-fetch-site"];
    const { origin } = headers;
    if (typeof origin === "string" && origins.has(origin)) return undefined;
    if (site === "same-origin" || site === "none") return undefined;
    if (site === undefined && origin === undefined) return undefined;
    if (site === undefined && typeof origin === "string" && isSameHost(origin, headers["host"]))
      return undefined;
    const page = typeof origin === "string" ? `a page of ${origin.slice(0, 200)}` : "another site";
    return new LiveError(
      "LIVE_ORIGIN_REFUSED",
      `${method} from ${page} was refused: writes are accepted from this server's own pages, and from those that ` +
        "`sameOriginWrites({ origins })` lists.",
      { details: { origin, site } },
    );
  };
}
