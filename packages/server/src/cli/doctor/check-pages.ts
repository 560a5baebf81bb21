import { passed, skipped } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { probe } from "./probe.ts";
import type { ProbeParts, Probed } from "./probe.ts";

/** A page, or a route, of the application. */
export interface PagePlace extends ProbeParts {
  readonly url: URL;
  readonly origin: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const STRANGER = "https://stranger.invalid";

/** Looks at what answers say to browsers: who may read them, and what becomes of cookies. */
export async function checkPages(place: PagePlace): Promise<readonly Finding[]> {
  const { url, origin, headers } = place;
  const isElsewhere = origin !== undefined && origin !== url.origin;
  const ask = (from: string): Promise<Probed | undefined> =>
    probe({ url, headers: { ...headers, origin: from } }, place);
  const [page, stranger] = [await ask(origin ?? url.origin), await ask(STRANGER)];
  if (!page || !stranger) {
    return (["cors", "cookies"] as const).map((code) => skipped(code, `${url.href} did not answer`));
  }
  return [
    strangerFinding(stranger) ?? (isElsewhere ? pageFinding(page, origin) : passed("cors")),
    cookies(page, url),
  ];
}

function strangerFinding({ headers }: Probed): Finding | undefined {
  const allowed = headers["access-control-allow-origin"];
  const withCookies = headers["access-control-allow-credentials"] === "true";
  if (allowed !== STRANGER || !withCookies) return undefined;
  return {
    code: "cors",
    level: "problem",
    what: `a page of ${STRANGER} may read answers, with its visitor's cookies`,
    why: "any site that somebody visits reads what only they may see",
    fix: "give `cors({ origin })` a list, not `true`",
  };
}

function pageFinding({ headers }: Probed, origin: string): Finding {
  const allowed = headers["access-control-allow-origin"];
  const shown = String(headers["access-control-expose-headers"] ?? "").toLowerCase();
  const hidden = ["Live-Position", "Live-Query", "ETag"].filter(
    (name) => shown !== "*" && !shown.includes(name.toLowerCase()),
  );
  if (allowed !== origin && allowed !== "*") {
    return {
      code: "cors",
      level: "problem",
      what: `a page of ${origin} may not read answers (Access-Control-Allow-Origin: ${allowed ?? "none"})`,
      why: "its requests fail in the browser",
      fix: `cors({ origin: ${JSON.stringify(origin)}, credentials: true, exposedHeaders: ["Live-Position", "Live-Query", "ETag"] })`,
    };
  }
  if (hidden.length === 0) return passed("cors");
  return {
    code: "cors",
    level: "warning",
    what: `a page of ${origin} may not see the headers ${hidden.join(", ")}`,
    why: "without them nothing is live: the page asks again every 30 s, and may read older data than it wrote",
    fix: 'cors({ exposedHeaders: ["Live-Position", "Live-Query", "ETag"], allowedHeaders: [..., "Live-Position"] })',
  };
}

function cookies({ headers }: Probed, url: URL): Finding {
  const set = headers["set-cookie"] ?? [];
  if (set.length === 0)
    return skipped("cookies", `${url.pathname} sets no cookie; --page names another path`);
  const isTls = url.protocol === "https:";
  const faults = set.flatMap((line) => faultsOf(line, isTls));
  if (faults.length === 0) return passed("cookies");
  return {
    code: "cookies",
    level: isTls ? "problem" : "warning",
    what: faults.join("; "),
    why: "without HttpOnly a script of the page reads it, without Secure it goes over plain connections, without SameSite other sites send it along",
    fix: "cookie: { httpOnly: true, secure: true, sameSite: 'lax' }",
  };
}

function faultsOf(line: string, isTls: boolean): string[] {
  const [pair = "", ...rest] = line.split(";").map((part) => part.trim());
  const flags = rest.map((part) => part.toLowerCase());
  const name = pair.split("=")[0] ?? "";
  // A cookie that is being removed protects nothing, and those that scripts have to read are not for signing in.
  if (flags.some((flag) => flag === "max-age=0") || !/sess|sid|auth|token|jwt|login/i.test(name)) return [];
  const lacks = [
    ...(flags.includes("httponly") ? [] : ["HttpOnly"]),
    ...(flags.some((flag) => flag.startsWith("samesite=")) ? [] : ["SameSite"]),
    ...(isTls && !flags.includes("secure") ? ["Secure"] : []),
  ];
  return lacks.length === 0 ? [] : [`${name} lacks ${lacks.join(" and ")}`];
}
