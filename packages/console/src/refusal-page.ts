import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { escaped } from "./pages.ts";
import { securityHeaders } from "./security-headers.ts";

const STYLE = `:root{color-scheme:light dark;--ink:#17202a;--soft:#4d5b6b;--paper:#f3f6f8;--surface:#fff;--line:#d9e1e7;--accent:#0b6e68;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8eef2;--soft:#a7b4c0;--paper:#0d1317;--surface:#151d23;--line:#27323b;--accent:#5fd3c8;--on:#062421}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:1.5rem;padding:2rem;background:var(--surface);border:1px solid var(--line);border-radius:1rem}
h1{margin:0 0 .5rem;font-size:1.3rem}p{margin:0 0 1.25rem;color:var(--soft)}p:last-child{margin:0}
a{display:inline-block;padding:.55rem 1rem;border-radius:.6rem;background:var(--accent);color:var(--on);font-weight:600;text-decoration:none}`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Says with status 401 that nobody who may operate asks. */
export function refusalPage(
  res: ServerResponse,
  { title, signIn }: { readonly title: string; readonly signIn: string | undefined },
): void {
  const link = signIn === undefined ? "" : `<p><a href="${escaped(signIn)}">Sign in</a></p>`;
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main><h1>For operators only</h1><p>This is the console of ${escaped(title)}. The application does not know you as somebody who operates it.</p>${link}</main></body></html>`;
  const policy = securityHeaders["content-security-policy"];
  res.writeHead(401, {
    ...securityHeaders,
    "content-security-policy": policy.replace("style-src 'self'", `style-src 'sha256-${STYLE_HASH}'`),
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  });
  res.end(body);
}
