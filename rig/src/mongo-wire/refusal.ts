import type { Document } from "bson";

/** An answer that says no: code and name as MongoDB has them. */
export class Refusal extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: readonly string[];

  constructor([code, codeName]: readonly [number, string], message: string, labels: readonly string[] = []) {
    super(message);
    this.code = code;
    this.codeName = codeName;
    this.labels = labels;
  }

  toReply(): Document {
    return {
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: this.codeName,
      ...(this.labels.length > 0 ? { errorLabels: this.labels } : {}),
    };
  }
}
