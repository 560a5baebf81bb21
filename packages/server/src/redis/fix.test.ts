import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { withFix } from "./fix.ts";

const away = (text: string): LiveError => new LiveError("LIVE_GROUND_AWAY", `commands: ${text}`);

test.each([
  [
    "WRONGPASS invalid username-password pair or user is disabled.",
    false,
    "check the user name and the password",
  ],
  ["NOAUTH HELLO must be called with the client already authenticated", false, "give a password"],
  ["NOPERM User u has no permissions to run the 'evalsha' command", false, "docs/reference/keys.md"],
  ["ERR max number of clients reached", false, "`maxclients`"],
  ["ERR DB index is out of range", false, "`databases`"],
  ["connect ECONNREFUSED 127.0.0.1:1", false, "check host and port"],
  ["getaddrinfo ENOTFOUND nowhere", false, "check the host name"],
  ["Socket closed unexpectedly", false, "rediss://"],
  ["Socket closed unexpectedly", true, "redis://"],
  ["no answer within 2000 ms; it may still happen.", true, "does not speak TLS"],
  ["no answer within 2000 ms; it may still happen.", false, "firewall"],
])("%s (TLS: %j): says what to do", (text, speaksTls, fix) => {
  const error = withFix(away(text), speaksTls);
  expect(error.message).toContain(text);
  expect(error.message).toContain(" Fix: ");
  expect(error.message).toContain(fix);
  expect(withFix(error, speaksTls)).toBe(error);
});

test.each([
  ["self-signed certificate in certificate chain", "tls: { ca }"],
  ["unable to verify the first certificate", "tls: { ca }"],
  [
    "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames",
    "tls.servername",
  ],
  ["certificate has expired", "renew"],
  ["tlsv13 alert certificate required:SSL alert number 116", "tls: { cert, key }"],
  ["SSL routines:ssl3_get_record:wrong version number", "does not speak TLS"],
])("%s does not pass by itself", (text, fix) => {
  expect(withFix(away(text), true)).toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    retryable: false,
    message: expect.stringContaining(fix),
  });
});

test("what nobody has a fix for, and what is no trouble with connecting, stays as it is", () => {
  for (const error of [away("LOADING Redis is loading"), new LiveError("LIVE_CLOSED", "NOAUTH")]) {
    expect(withFix(error, false)).toBe(error);
  }
});
