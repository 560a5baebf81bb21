import { createMemoryGround } from "livecache";
import type {
  ChannelEvent,
  Clock,
  Ground,
  HistoryQuery,
  KeptDiff,
  Listening,
  Realm,
  Subscription,
  Tail,
  TailReader,
} from "livecache";

/** A shared ground in memory that can lose data as a real one does. */
export interface ModelGround {
  /** Its stores; they go on being the same after a loss. */
  readonly realm: Realm;
  /** From now on writes are remembered, for {@link rollBack}. What was written before is in no backup. */
  mark(): void;
  /** How many writes are remembered. */
  written(): number;
  /** Loses everything but the first `kept` remembered writes, as a server that comes back from an old file does. */
  rollBack(kept: number): Promise<void>;
  /** Loses one stored entry. */
  evict(key: string): Promise<void>;
  /** Loses every tag that it remembers. */
  forgetTags(): Promise<void>;
}

/** Whoever listens to the ground, and has to be told anew where it stands after a loss. */
interface Listener {
  attach(realm: Realm): Promise<{ close(): Promise<void> }> | Tail;
  attached: { close(): Promise<void> } | undefined;
}

/** The calls that change something, by store; what they did can be done again. */
const WRITES: Partial<Record<keyof Realm, readonly string[]>> = {
  cacheStore: ["commit"],
  changeLog: ["append"],
  claimStore: ["claim", "settle", "release"],
  presenceStore: ["renew", "write", "keep"],
  regionStore: ["renew", "move", "retire"],
  revocationStore: ["revoke"],
  limitStore: ["take", "charge", "block", "forget"],
  sessionStore: ["create", "save", "touch", "end", "rotate", "endAll"],
  socketStore: ["put", "remove", "beat"],
};

/** How long after a loss a ground does not say that it knows all revocations: living nodes restore them meanwhile. */
const SETTLES_AFTER_MS = 3_000;

/** Few enough to be pushed out by one change. */
const MAX_TAGS = 128;

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Makes an empty one. */
export function createModelGround(clock: Clock): ModelGround {
  const open = (): Ground => createMemoryGround({ clock, maxTags: MAX_TAGS });
  let ground = open();
  let current = ground.realm("main");
  let journal: { readonly store: keyof Realm; readonly method: string; readonly args: readonly unknown[] }[] =
    [];
  const listeners = new Set<Listener>();
  let lostAtMs = Number.NEGATIVE_INFINITY;
  const isSettled = (): boolean => clock.now() - lostAtMs >= SETTLES_AFTER_MS;

  function methodOf(realm: Realm, store: keyof Realm, method: string): Method {
    return (realm[store] as unknown as Record<string, Method>)[method]!;
  }

  function forward(store: keyof Realm): unknown {
    const writes = WRITES[store] ?? [];
    return Object.fromEntries(
      Object.keys(current[store]).map((method) => {
        const isWrite = writes.includes(method);
        return [
          method,
          (...args: readonly unknown[]) => {
            if (isWrite) journal.push({ store, method, args });
            return methodOf(current, store, method)(...args);
          },
        ];
      }),
    );
  }

  function listen<T extends { close(): Promise<void> }>(
    attach: (realm: Realm) => T | Promise<T>,
    attached: T,
  ): T {
    const listener: Listener = { attach, attached };
    listeners.add(listener);
    return {
      ...attached,
      async close() {
        listeners.delete(listener);
        await listener.attached?.close();
      },
    };
  }

  const stores = Object.fromEntries(
    (Object.keys(current) as (keyof Realm)[]).map((store) => [store, forward(store)]),
  ) as unknown as Realm;

  const realm: Realm = {
    ...stores,
    revocationStore: {
      ...stores.revocationStore,
      state: async () => ({ ...(await current.revocationStore.state()), isSettled: isSettled() }),
      isSettled: async () => (await current.revocationStore.isSettled()) && isSettled(),
    },
    changeLog: {
      ...stores.changeLog,
      tail(reader: TailReader): Tail {
        const attach = ({ changeLog }: Realm): Tail => changeLog.tail(reader);
        return listen(attach, attach(current));
      },
      async subscribe(
        channel: string,
        onEvent: (event: ChannelEvent) => void,
        missed?: HistoryQuery,
      ): Promise<Subscription> {
        const attached = await current.changeLog.subscribe(channel, onEvent, missed);
        return listen(({ changeLog }) => changeLog.subscribe(channel, onEvent), attached);
      },
    },
    presenceStore: {
      ...stores.presenceStore,
      async follow(channel: string, onDiff: (diff: KeptDiff) => void): Promise<Listening> {
        const attached = await current.presenceStore.follow(channel, onDiff);
        return listen(({ presenceStore }) => presenceStore.follow(channel, onDiff), attached);
      },
    },
    lane: {
      ...stores.lane,
      async listen(topic: string, onMessage: (message: string) => void): Promise<Listening> {
        const attached = await current.lane.listen(topic, onMessage);
        return listen(({ lane }) => lane.listen(topic, onMessage), attached);
      },
    },
  };

  return {
    realm,
    mark() {
      journal = [];
    },
    written: () => journal.length,
    async rollBack(kept) {
      const backup = journal.slice(0, kept);
      await ground.close();
      ground = open();
      current = ground.realm("main");
      for (const { store, method, args } of backup) {
        await methodOf(current, store, method)(...args).catch(() => undefined);
      }
      journal = backup;
      lostAtMs = clock.now();
      for (const listener of listeners) listener.attached = await listener.attach(current);
    },
    async evict(key) {
      const [reply] = await current.cacheStore.read([key]);
      if (reply && reply.state !== "absent") await current.cacheStore.discard(key, reply.entry.id);
    },
    async forgetTags() {
      const tags = Array.from({ length: MAX_TAGS }, (_, index) => `ballast:${index}`);
      const what = { tags, mode: "purge" as const, events: [] };
      await current.changeLog.append({ changeId: "ballast", origin: "rig", ...what });
    },
  };
}
