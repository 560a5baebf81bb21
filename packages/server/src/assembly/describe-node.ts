import { createHash } from "node:crypto";
import type { Contract, NodeFacts } from "@livecache/wire";
import { whyGuessable } from "../base/guessable.ts";
import { ownVersion } from "../base/own-version.ts";
import type { Ground } from "../ports/ground.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What a description is made of. */
export interface DescribedNode {
  readonly node: string;
  readonly options: ResolvedOptions;
  readonly ground: Ground;
}

/** What a node tells `livecache doctor` of itself: see {@link NodeFacts}. Nothing in it is secret. */
export function describeNode({ node, options, ground }: DescribedNode): NodeFacts {
  const { secrets, hasOwnSecret, contract, clock } = options;
  const weakness = hasOwnSecret ? secrets.map(whyGuessable).find((why) => why !== undefined) : undefined;
  return {
    node,
    version: ownVersion(),
    nodeVersion: process.version,
    isProduction: process.env["NODE_ENV"] === "production",
    realm: options.realm,
    ground: { kind: ground.kind, settings: ground.settings?.() ?? {} },
    contract: { channels: Object.keys(contract.channels).sort(), digest: digestOf(outlineOf(contract)) },
    secrets: {
      isRandom: !hasOwnSecret,
      digests: secrets.map((secret) => digestOf(`livecache doctor ${secret}`)),
      ...(weakness !== undefined && { weakness }),
    },
    near: { maxBytes: options.nearMaxBytes, maxAgeMs: options.nearMaxAgeMs },
    hasIdentify: options.hasIdentify,
    clockAheadMs: Math.round(clock.wall() - ground.date()),
  };
}

/** Channels with the names of their events: schemas cannot be compared. */
function outlineOf({ channels, regions }: Contract): string {
  const outline = Object.entries(channels).map(
    ([pattern, { events }]) => [pattern, Object.keys(events ?? {}).sort()] as const,
  );
  return JSON.stringify([outline.sort(([a], [b]) => (a < b ? -1 : 1)), regions?.channel ?? null]);
}

/** Enough to tell two texts apart, too little to find one. */
function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}
