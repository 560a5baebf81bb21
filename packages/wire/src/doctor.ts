/**
 * What nodes tell `livecache doctor`, as JSON: `docs/reference/cli.md`. Nothing in it is secret: secrets stand in it as short digests, which
 * say whether two nodes have the same.
 */

/** What one node tells of how it was made. */
export interface NodeFacts {
  readonly node: string;
  /** Of Livecache. */
  readonly version: string;
  readonly nodeVersion: string;
  readonly isProduction: boolean;
  readonly realm: string;
  readonly ground: {
    readonly kind: "memory" | "redis";
    /** Options in effect, passwords masked. */
    readonly settings: Readonly<Record<string, string | number | boolean>>;
  };
  readonly contract: { readonly channels: readonly string[]; readonly digest: string };
  readonly secrets: {
    /** Made up by the process itself: another one has another. */
    readonly isRandom: boolean;
    readonly digests: readonly string[];
    /** Why somebody could guess one of them. */
    readonly weakness?: string;
  };
  readonly near: { readonly maxBytes: number; readonly maxAgeMs: number };
  readonly hasIdentify: boolean;
  /** How far its clock is ahead of the ground's, in milliseconds; behind it below 0. */
  readonly clockAheadMs: number;
}

/** How the application saw the request that asked. */
export interface RequestFacts {
  /** Of the connection. */
  readonly address: string | null;
  readonly isEncrypted: boolean;
  readonly host: string | null;
  readonly forwardedFor: readonly string[];
  readonly forwardedProto: string | null;
  /** What the framework made of it, if it is one that says so. */
  readonly framework?: { readonly ip: string | null; readonly isSecure: boolean | null };
}

/** What `GET doctor` of the operations answers. */
export interface DoctorReport {
  /** The node that was asked. */
  readonly node: string;
  readonly nodes: readonly NodeFacts[];
  readonly missing: readonly string[];
  readonly request: RequestFacts;
}
