import type { RequestFacts } from "@livecache/wire";
import { passed, skipped } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** An address of those that are kept for documentation: nobody has it. */
export const FORGED_ADDRESS = "192.0.2.77";

/** What the server makes of proxies: `plain` as asked, `forged` with a client's own `X-Forwarded-For`. Pure. */
export function checkProxy(asked: {
  readonly url: URL;
  readonly plain: RequestFacts;
  readonly forged: RequestFacts;
}): readonly Finding[] {
  const { url, plain, forged } = asked;
  return [forgery(forged), distrust(plain), tls(url, plain)];
}

function forgery({ framework }: RequestFacts): Finding {
  if (!framework) return skipped("proxy-forged", "the framework does not say which address it believes");
  if (framework.ip !== FORGED_ADDRESS) return passed("proxy-forged");
  return {
    code: "proxy-forged",
    level: "problem",
    what: "the server believed an X-Forwarded-For that the client made up",
    why: "anybody gets around limits by address, and writes any address into your logs",
    fix: 'set `app.set("trust proxy", n)` to the number of your proxies, never `true`, and let nobody reach the server past them',
  };
}

function distrust({ framework, forwardedFor, address }: RequestFacts): Finding {
  if (!framework || forwardedFor.length === 0) {
    return skipped(
      "proxy-distrusted",
      forwardedFor.length === 0
        ? "no proxy adds X-Forwarded-For on this way"
        : "the framework does not say which address it believes",
    );
  }
  if (framework.ip !== address) return passed("proxy-distrusted");
  return {
    code: "proxy-distrusted",
    level: "warning",
    what: `a proxy says who the client is, but the server believes it is ${address ?? "unknown"}`,
    why: "all people look like the proxy: one of them who meets a limit by address locks out everybody",
    fix: 'app.set("trust proxy", 1) for one proxy, `trustProxy: 1` in `attach(live, io, …)` and in limits',
  };
}

function tls(url: URL, { framework, isEncrypted, forwardedProto }: RequestFacts): Finding {
  if (url.protocol !== "https:") return skipped("proxy-tls", "asked without TLS");
  if (isEncrypted || framework?.isSecure === true) return passed("proxy-tls");
  if (!framework) return skipped("proxy-tls", "the framework does not say whether it knows of TLS");
  const cause =
    forwardedProto === null
      ? "the proxy sends no X-Forwarded-Proto"
      : "the server does not believe the proxy";
  return {
    code: "proxy-tls",
    level: "problem",
    what: `browsers come over TLS, and the server does not know it: ${cause}`,
    why: "cookies with `secure: true` are never set, so that nobody can sign in; redirects lead to http",
    fix: 'let the proxy set X-Forwarded-Proto, and app.set("trust proxy", 1)',
  };
}
