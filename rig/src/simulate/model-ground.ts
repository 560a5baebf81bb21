import { createMemoryGround } from "livecache";
import type { Clock, Ground, Listening, Realm, Tail } from "livecache";

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

/** Something that is followed until it is closed. */
interface Closable {
  close(): Promise<void>;
}

/** Whoever listens to the ground, and has to be told anew where it stands after a loss. */
interface Listener {
  readonly attach: (realm: Realm) => Closable | Promise<Closable>;
  attached: Closable;
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
  return new Model(clock);
}

class Model implements ModelGround {
  readonly realm: Realm;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #ground: Ground;
  #current: Realm;
  #journal: { readonly store: keyof Realm; readonly method: string; readonly args: readonly unknown[] }[] =
    [];
  #lostAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ground = this.#open();
    this.#current = this.#ground.realm("main");
    const stores = Object.fromEntries(
      (Object.keys(this.#current) as (keyof Realm)[]).map((store) => [store, this.#forward(store)]),
    ) as unknown as Realm;
    this.realm = this.#following(stores);
  }

  mark(): void {
    this.#journal = [];
  }

  written(): number {
    return this.#journal.length;
  }

  async rollBack(kept: number): Promise<void> {
    const backup = this.#journal.slice(0, kept);
    await this.#ground.close();
    this.#ground = this.#open();
    this.#current = this.#ground.realm("main");
    for (const { store, method, args } of backup) {
      await this.#methodOf(store, method)(...args).catch(() => undefined);
    }
    this.#journal = backup;
    this.#lostAtMs = this.#clock.now();
    for (const listener of this.#listeners) listener.attached = await listener.attach(this.#current);
  }

  async evict(key: string): Promise<void> {
    const [reply] = await this.#current.cacheStore.read([key]);
    if (reply && reply.state !== "absent") await this.#current.cacheStore.discard(key, reply.entry.id);
  }

  async forgetTags(): Promise<void> {
    const tags = Array.from({ length: MAX_TAGS }, (_, index) => `ballast:${index}`);
    const what = { tags, mode: "purge" as const, events: [] };
    await this.#current.changeLog.append({ changeId: "ballast", origin: "rig", ...what });
  }

  #open(): Ground {
    return createMemoryGround({ clock: this.#clock, maxTags: MAX_TAGS });
  }

  #methodOf(store: keyof Realm, method: string): Method {
    return (this.#current[store] as unknown as Record<string, Method>)[method]!;
  }

  /** The methods of a store, of whichever ground there is. */
  #forward(store: keyof Realm): unknown {
    const writes = WRITES[store] ?? [];
    return Object.fromEntries(
      Object.keys(this.#current[store]).map((method) => {
        const isWrite = writes.includes(method);
        return [
          method,
          (...args: readonly unknown[]) => {
            if (isWrite) this.#journal.push({ store, method, args });
            return this.#methodOf(store, method)(...args);
          },
        ];
      }),
    );
  }

  /** The stores with what is followed over a loss, and revocations that are not whole for a while after it. */
  #following(stores: Realm): Realm {
    const isSettled = (): boolean => this.#clock.now() - this.#lostAtMs >= SETTLES_AFTER_MS;
    return {
      ...stores,
      revocationStore: {
        ...stores.revocationStore,
        state: async () => ({ ...(await this.#current.revocationStore.state()), isSettled: isSettled() }),
        isSettled: async () => (await this.#current.revocationStore.isSettled()) && isSettled(),
      },
      changeLog: {
        ...stores.changeLog,
        tail: (reader) => {
          const attach = ({ changeLog }: Realm): Tail => changeLog.tail(reader);
          return this.#listen(attach, attach(this.#current));
        },
        subscribe: async (channel, onEvent, missed) => {
          const attached = await this.#current.changeLog.subscribe(channel, onEvent, missed);
          return this.#listen(({ changeLog }) => changeLog.subscribe(channel, onEvent), attached);
        },
      },
      presenceStore: {
        ...stores.presenceStore,
        follow: (channel, onDiff) =>
          this.#follow(({ presenceStore }) => presenceStore.follow(channel, onDiff)),
      },
      lane: {
        ...stores.lane,
        listen: (topic, onMessage) => this.#follow(({ lane }) => lane.listen(topic, onMessage)),
      },
    };
  }

  async #follow(attach: (realm: Realm) => Promise<Listening>): Promise<Listening> {
    return this.#listen(attach, await attach(this.#current));
  }

  #listen<T extends Closable>(attach: Listener["attach"], attached: T): T {
    const listener: Listener = { attach, attached };
    this.#listeners.add(listener);
    return {
      ...attached,
      close: async () => {
        this.#listeners.delete(listener);
        await listener.attached.close();
      },
    };
  }
}
