import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const HASH_BYTES = 32;

/** Turns a password into what the database keeps: `<salt>.<hash>`, by scrypt with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, HASH_BYTES);
  return `${salt.toString("base64url")}.${hash.toString("base64url")}`;
}

/**
 * Whether a password is the one that was hashed. Without a hash (nobody has that address) the answer is no, after the same
 * time, so that a stranger cannot find out who has an account.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = "", hash = ""] = (stored ?? "").split(".");
  const given = await derive(password, Buffer.from(salt, "base64url"), HASH_BYTES);
  const wanted = Buffer.from(hash, "base64url");
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
