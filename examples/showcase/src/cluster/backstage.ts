import { mkdir } from "node:fs/promises";
import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { lockFolder } from "example-kit/folder-lock";
import { shareDatabase } from "example-kit/shared-database";
import { join } from "node:path";
import type { RedisAct } from "../answers.ts";
import { readExhibits } from "../exhibits.ts";
import { failureOf } from "../housed.ts";
import { folderOf, readSettings } from "../settings.ts";
import { serveParent, tellParent } from "./child.ts";

/** What backstage says. */
export type BackstageTold =
  | {
      readonly kind: "ready";
      readonly redisUrl: string | undefined;
      readonly databases: Readonly<Record<string, string>>;
    }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "acted"; readonly id: number; readonly why?: string };

/** What it is asked. */
export interface BackstageAsk {
  readonly id: number;
  readonly act: RedisAct;
}

const closing: (() => Promise<void>)[] = [];

/** What the nodes share, in a process of its own that nobody kills: a Redis that can be switched, and the databases. */
async function main(): Promise<void> {
  serveParent(async () => {
    for (const close of closing.toReversed()) await close();
  });
  const settings = readSettings(process.env);
  const redis = settings.redisUrl ? undefined : await openRedis();
  const databases = settings.databaseUrl ? {} : await shareDatabases(settings.dataDir);
  if (redis) {
    process.on("message", ({ id, act }: BackstageAsk) => {
      actOn(redis, act).then(
        () => tellParent({ kind: "acted", id } satisfies BackstageTold),
        (error: unknown) => tellParent({ kind: "acted", id, why: failureOf(error) } satisfies BackstageTold),
      );
    });
  }
  tellParent({ kind: "ready", redisUrl: redis?.url, databases } satisfies BackstageTold);
}

/** It keeps its data, so that a Redis that was killed comes back with what it had; all of it goes with this process. */
async function openRedis(): Promise<RedisProcess> {
  const redis = await startRedis({ config: ["--appendonly", "yes"] });
  closing.push(redis.close);
  return redis;
}

async function actOn(redis: RedisProcess, act: RedisAct): Promise<void> {
  if (act === "stop") await redis.kill();
  else if (act === "start") await redis.restart();
  else if (act === "freeze") redis.freeze();
  else redis.thaw();
}

/** An embedded database for each application, which all nodes reach. */
async function shareDatabases(dataDir: string): Promise<Record<string, string>> {
  const shared = readExhibits(process.env).map(async ({ name }) => {
    const folder = folderOf(dataDir, name);
    const isKept = !folder.startsWith("memory://");
    if (isKept) {
      await mkdir(folder, { recursive: true });
      closing.push(await lockFolder(folder));
    }
    const database = await shareDatabase(isKept ? join(folder, "database") : folder);
    closing.push(database.close);
    return [name, database.url] as const;
  });
  return Object.fromEntries(await Promise.all(shared));
}

main().catch((error: unknown) => {
  tellParent({ kind: "failed", why: failureOf(error) } satisfies BackstageTold);
});
