import type { SchemaResult, StandardSchema } from "./standard-schema.ts";

/** How far an upload is: what `uploadProgress` whispers. */
export interface UploadProgress {
  /** What the client calls the upload, in its request's `Upload-Id` header; otherwise random. */
  readonly id: string;
  /** Bytes that have arrived. */
  readonly loaded: number;
  /** Bytes that are to arrive; absent when the client did not say. */
  readonly total?: number;
  /** 0 to 100, rounded down; absent without `total`. */
  readonly percent?: number;
  /** All of it has arrived, and was answered with success. */
  readonly done?: true;
  /** It was broken off, or answered with an error. */
  readonly failed?: true;
}

function validate(value: unknown): SchemaResult<UploadProgress> {
  const { id, loaded, total, percent, done, failed } = (value ?? {}) as Partial<UploadProgress>;
  if (typeof id !== "string" || typeof loaded !== "number") {
    return { issues: [{ message: "expected { id, loaded, total?, percent?, done?, failed? }" }] };
  }
  return {
    value: {
      ...{ id, loaded },
      ...(typeof total === "number" && { total }),
      ...(typeof percent === "number" && { percent }),
      ...(done === true && { done }),
      ...(failed === true && { failed }),
    },
  };
}

/** The schema of {@link UploadProgress}, for a contract: `whispers: { upload: uploadSchema }`. */
export const uploadSchema: StandardSchema<UploadProgress> = {
  "~standard": { version: 1, vendor: "livecache", validate },
};
