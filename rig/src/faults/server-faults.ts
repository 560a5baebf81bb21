import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { kinds, singleOf } from "./fault-kind.ts";
import type { FaultKind, Strike } from "./fault-kind.ts";
import type { Admin } from "./grounds.ts";

const on = ["single"] as const;

type Acts = (ask: Admin, strike: Strike) => Promise<void>;

/** Does something over a connection of our own, and undoes it over the same. */
function asked(begin: Acts, end: Acts = async () => undefined): FaultKind["strike"] {
  return async (strike) => {
    const { ask, close } = await singleOf(strike).admin();
    await begin(ask, strike);
    return async () => {
      await end(ask, strike);
      close();
    };
  };
}

function settings(values: Readonly<Record<string, string>>): readonly string[] {
  return ["CONFIG", "SET", ...Object.entries(values).flat()];
}

/** Ends everybody's connections but our own. */
async function killClients(ask: Admin): Promise<void> {
  await ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await ask("CLIENT", "KILL", "TYPE", "pubsub");
}

async function usedBytes(ask: Admin): Promise<number> {
  const info = String(await ask("INFO", "memory"));
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

/** Less memory than is in use. */
function memory(policy: string, share: number): FaultKind["strike"] {
  return asked(
    async (ask) => {
      const maxmemory = String(Math.floor((await usedBytes(ask)) * share));
      await ask(...settings({ "maxmemory-policy": policy, maxmemory }));
    },
    async (ask) => void (await ask(...settings({ maxmemory: "0", "maxmemory-policy": "noeviction" }))),
  );
}

/** A replica of a primary that there is not. */
function replica(servesOld: "yes" | "no"): FaultKind["strike"] {
  return asked(
    async (ask) => {
      await ask(...settings({ "replica-serve-stale-data": servesOld }));
      await ask("REPLICAOF", "127.0.0.1", "1");
    },
    async (ask) => {
      await ask("REPLICAOF", "NO", "ONE");
      await ask(...settings({ "replica-serve-stale-data": "yes" }));
    },
  );
}

/** Keys that no session is lost with. */
const METADATA = /^\{lc:main\}:(?!session)/;

async function deleteMetadata(ask: Admin, { random }: Strike): Promise<void> {
  const keys = ((await ask("KEYS", "{lc:main}:*")) as string[]).filter((key) => METADATA.test(key)).sort();
  // Of tags there are many, and of everything else one or two: each kind is as likely.
  const families = new Map<string, string[]>();
  for (const key of keys) {
    const family = key.split(":")[2]!;
    families.set(family, [...(families.get(family) ?? []), key]);
  }
  if (families.size > 0)
    await ask("DEL", random.pick([...families.values()][random.integer(families.size)]!));
}

const LOAD_SLOWLY = { "loading-process-events-interval-bytes": "1024" };

/** What Redis says to commands. */
export const SERVER_FAULTS = kinds({
  oom: { on, forMs: [1_000, 3_000], reach: "all", strike: memory("noeviction", 0.5) },
  evict: { on, forMs: [500, 2_000], reach: "all", loses: "repeatedly", strike: memory("allkeys-lru", 0.8) },
  readonly: { on, forMs: [1_000, 3_000], reach: "all", outage: "told", strike: replica("yes") },
  masterdown: { on, forMs: [1_000, 3_000], reach: "all", outage: "told", strike: replica("no") },
  loading: {
    ...{ on, forMs: [1_000, 2_500], reach: "all" },
    strike: asked(async (ask, { forMs }) => {
      const keys = Math.max(1, Number(await ask("DBSIZE")));
      await ask(
        ...settings({ ...LOAD_SLOWLY, "key-load-delay": String(Math.round((forMs * 1_000) / keys)) }),
      );
      void ask("DEBUG", "RELOAD").catch(() => undefined);
    }, unhurry),
  },
  busy: {
    ...{ on, forMs: [1_000, 3_000], reach: "all" },
    strike: asked(
      async (ask) => {
        await ask(...settings({ "busy-reply-threshold": "100" }));
        void ask("EVAL", "while true do end", "0").catch(() => undefined);
      },
      async (_ask, strike) => {
        await singleOf(strike).redis.command("SCRIPT KILL");
      },
    ),
  },
  misconf: {
    ...{ on, forMs: [1_000, 3_000], reach: "all" },
    strike: asked(
      async (ask, strike) => {
        // What is saved cannot take the place of a folder.
        await rm(join(singleOf(strike).folder, "dump.rdb"), { recursive: true, force: true });
        await mkdir(join(singleOf(strike).folder, "dump.rdb"));
        await ask(...settings({ save: "3600 1000000" }));
        await ask("BGSAVE", "SCHEDULE");
      },
      async (ask, strike) => {
        await ask(...settings({ save: "" }));
        await rm(join(singleOf(strike).folder, "dump.rdb"), { recursive: true, force: true });
      },
    ),
  },
  "max-clients": {
    ...{ on, forMs: [1_000, 3_000], reach: "all", outage: "told" },
    strike: asked(
      async (ask) => {
        await ask(...settings({ maxclients: "1" }));
        await killClients(ask);
      },
      async (ask) => void (await ask(...settings({ maxclients: "10000" }))),
    ),
  },
  "kill-clients": { on, forMs: [0, 300], reach: "all", strike: asked(killClients) },
  password: {
    ...{ on, forMs: [1_000, 3_000], reach: "all", outage: "told" },
    strike: asked(
      async (ask) => {
        await ask(...settings({ requirepass: "something-else" }));
        await killClients(ask);
      },
      async (ask) => void (await ask(...settings({ requirepass: "" }))),
    ),
  },
  "pause-writes": {
    ...{ on, forMs: [500, 2_500], reach: "all" },
    strike: asked(
      async (ask, { forMs }) => void (await ask("CLIENT", "PAUSE", String(Math.ceil(forMs)), "WRITE")),
    ),
  },
  "delete-metadata": { on, forMs: [0, 500], reach: "all", loses: "once", strike: asked(deleteMetadata) },
});

async function unhurry(ask: Admin): Promise<void> {
  await ask(...settings({ "key-load-delay": "0" }));
}
