/** What a published event carries. `n` and `at` have a fixed width and stand first, so that a receiver finds them without parsing. */
export interface Tick {
  /** Number of the event in its room, ten digits. */
  readonly n: string;
  /** When it was published, in microseconds of the clock that all processes of a machine share, sixteen digits. */
  readonly at: string;
  readonly pad: string;
}

/** What a site is opened with. */
export interface SiteSetting {
  readonly redisUrl: string;
  /** 0 for any. */
  readonly port: number;
  /** Whether members that come back are to be told what they missed. */
  readonly resumes: boolean;
  /** How long the origin of `GET /item` takes. */
  readonly loadMs: number;
}

/**
 * One node of a contestant: a server that sockets connect to. Its rooms are called `room/<number>`, `lobby/<number>` or `hall/<number>`; only
 * in halls is it told who is there. */
export interface Site {
  readonly port: number;
  /** Tells the members of a room on all nodes. */
  publish(room: string, tick: Tick): Promise<unknown>;
  /** Moves tags, and tells a room: one write of an application. */
  change(tags: readonly string[], room: string, tick: Tick): Promise<unknown>;
  /** How many sockets are in a room, over all nodes, as far as this one can say. */
  present(room: string): Promise<number>;
  /** How often the origin of `GET /item` was asked here. */
  readonly loads: () => number;
  close(): Promise<void>;
}

/** The clock that all processes of a machine share. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Makes an event. */
export function createTick(n: number, pad: string): Tick {
  return { n: String(n).padStart(10, "0"), at: String(nowUs()).padStart(16, "0"), pad };
}
