import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A certificate authority that only tests trust, and a certificate of a server on this machine that it has signed. All are PEM. */
export interface TestCertificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/**
 * Makes them anew: P-256 keys, valid from yesterday for so many days, for `localhost` and `127.0.0.1`. Nothing is kept.
 * They are written in DER here, because not every machine has `openssl`, and a key in a repository is a key for everybody.
 *
 * @param days a negative number makes a server's certificate that has expired
 */
export function makeTestCertificates({ days = 30 }: { readonly days?: number } = {}): TestCertificates {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = `Livecache test CA ${randomBytes(4).toString("hex")}`;
  const signed = { issuer, signWith: authority.privateKey };
  return {
    ca: certificate({ ...signed, subject: issuer, key: authority.publicKey, days: 30, extensions: CA }),
    certificate: certificate({
      ...signed,
      ...{ subject: "localhost", key: server.publicKey, days, extensions: SERVER },
    }),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

interface CertificateParts {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly signWith: KeyObject;
  readonly days: number;
  readonly extensions: Buffer;
}

function certificate({ issuer, subject, key, signWith, days, extensions }: CertificateParts): string {
  const endsAt = Date.now() + days * DAY_MS;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    name(issuer),
    sequence(time(Math.min(Date.now(), endsAt) - DAY_MS), time(endsAt)),
    name(subject),
    key.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const whole = sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, signWith)));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** One value: its kind, its length, its bytes. */
function der(kind: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([kind, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** An object identifier, from its bytes. */
function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function bits(content: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), content]));
}

/** A name that has a common name only. */
function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(common)))));
}

/** A time, as `YYYYMMDDhhmmssZ`. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14);
  return digits < "2050"
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...critical, der(0x04, value));
}

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
/** Basic constraints: an authority. Key usage: signs certificates. */
const CA = sequence(
  extension("551d13", true, sequence(der(0x01, Buffer.from([0xff])))),
  extension("551d0f", true, der(0x03, Buffer.from([2, 0x04]))),
);
/** Alternative names. */
const SERVER = sequence(
  extension(
    "551d11",
    false,
    sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1]))),
  ),
);
