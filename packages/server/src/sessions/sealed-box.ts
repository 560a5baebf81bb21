import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SessionField } from "../ports/session-store.ts";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const PROOF_BYTES = 16;

/** Properties of sessions as nobody outside this process can read them. */
export interface SealedBox {
  seal(fields: readonly SessionField[]): Buffer;
  /** Opens what this very box sealed; throws for anything else. */
  open(bytes: Buffer): readonly SessionField[];
}

/** Makes a box with a key of its own, which is in this process only. */
export function createSealedBox(): SealedBox {
  const key = randomBytes(32);
  return {
    seal(fields) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = [cipher.update(JSON.stringify(fields), "utf8"), cipher.final()];
      return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]);
    },
    open(bytes) {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(-PROOF_BYTES));
      const text = [decipher.update(bytes.subarray(NONCE_BYTES, -PROOF_BYTES)), decipher.final()];
      return JSON.parse(Buffer.concat(text).toString()) as SessionField[];
    },
  };
}
