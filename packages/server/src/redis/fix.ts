import { LiveError } from "@livecache/wire";

/** What an attempt to connect fails with, and what is to be done about it. The first that fits counts. */
const FIXES: readonly (readonly [cause: RegExp, fix: string])[] = [
  [
    /\bWRONGPASS\b/,
    "check the user name and the password; in a URL, their special signs are percent-encoded",
  ],
  [
    /\bNOAUTH\b/,
    "give a password: redis://:password@host, redis://user:password@host, or `password` in the object",
  ],
  [/\bNOPERM\b/, "give this user the rights that docs/reference/keys.md lists (ACL SETUSER)"],
  [
    /max number of clients/,
    "raise `maxclients` in redis.conf, or end what holds the connections (CLIENT LIST)",
  ],
  [/DENIED Redis is running in protected mode/, "set a password or `bind` in redis.conf"],
  [/DB index is out of range/, "raise `databases` in redis.conf, or give a smaller number"],
  [
    /wrong version number|packet length too long|ERR_SSL_WRONG_VERSION_NUMBER|EPROTO/i,
    "the server does not speak TLS at this port: use redis:// or leave `tls` out, or give its TLS port",
  ],
  [
    /altnames|Hostname\/IP does not match/i,
    "connect by a name that the certificate has, or give that name as `tls.servername`",
  ],
  [/certificate has expired|CERT_HAS_EXPIRED/i, "renew the server's certificate"],
  [
    /certificate required|handshake failure|tlsv13 alert|SSL alert number (?:40|42|46|48|116)/i,
    "the server wants a certificate of ours: give `tls: { cert, key }`, signed by whom it trusts",
  ],
  [
    /self[- ]signed certificate|unable to verify|unable to get (?:local )?issuer/i,
    "give the certificate of whoever signed the server's as `tls: { ca }`",
  ],
  [/ECONNREFUSED/, "check host and port, and whether the server runs and listens there (`bind`, `port`)"],
  [/ENOTFOUND|EAI_AGAIN/, "check the host name"],
];

const NO_TLS_HINT = "if the server speaks TLS at this port, use rediss:// or `tls: true`";
const TLS_HINT =
  "check host and port; if the server does not speak TLS there, use redis:// or leave `tls` out";
const SILENT_HINT = "check host, port and firewall";

/** What cannot pass by itself, although the network gave the reason. */
const LASTING =
  /certificate|altnames|wrong version number|packet length too long|SSL alert number|tlsv13 alert/i;

/** The error of an attempt to connect, with what to do about it behind it. `speaksTls` says how we tried. */
export function withFix(error: LiveError, speaksTls: boolean): LiveError {
  if (error.message.includes(" Fix: ")) return error;
  const fix = fixOf(error, speaksTls);
  const lasts = error.code === "LIVE_GROUND_AWAY" && LASTING.test(error.message);
  if (!fix && !lasts) return error;
  const message = fix ? `${error.message.replace(/\.?$/, ".")} Fix: ${fix}.` : error.message;
  const code = lasts ? "LIVE_GROUND_REFUSED" : error.code;
  return new LiveError(code, message, { cause: error.cause ?? error, details: error.details });
}

function fixOf({ code, message }: LiveError, speaksTls: boolean): string | undefined {
  if (code !== "LIVE_GROUND_AWAY" && code !== "LIVE_GROUND_REFUSED") return undefined;
  const known = FIXES.find(([cause]) => cause.test(message));
  if (known) return known[1];
  if (
    /closed unexpectedly|ECONNRESET|socket hang up|Unknown RESP type|disconnected before secure/i.test(
      message,
    )
  ) {
    return speaksTls ? TLS_HINT : NO_TLS_HINT;
  }
  if (/no answer within/.test(message)) return speaksTls ? TLS_HINT : SILENT_HINT;
  return undefined;
}
