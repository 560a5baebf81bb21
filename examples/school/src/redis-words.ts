import type { SchoolLive } from "./live.ts";

/** Writes down whether there is Redis, now and at each change. */
export function tellOfRedis(live: SchoolLive, redisUrl: string | undefined): void {
  if (redisUrl === undefined) {
    console.warn("Redis not configured: caches and tokens live in the memory of this process");
    return;
  }
  const tell = ({ state, ...rest }: { readonly state: "here" | "away"; readonly cause?: string }): void => {
    if (state === "here") console.log("Redis client connected");
    else
      console.warn(
        `Redis client error: ${(rest.cause ?? "no answer").replace(/\.$/, "")}. The server goes on without.`,
      );
  };
  tell(live.status());
  live.onStatus(tell);
}
