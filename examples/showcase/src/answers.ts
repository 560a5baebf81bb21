/** Somebody whom a visitor may be. */
export interface SeatAnswer {
  readonly seat: string;
  readonly name: string;
}

/** An application, as the page shows it. */
export interface ExhibitAnswer {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly tryThis: string;
  /** The port of its own; 0 while it does not run. */
  readonly port: number;
  readonly people: readonly SeatAnswer[];
  readonly pair: readonly SeatAnswer[];
  /** Why it does not run, if it does not. */
  readonly failure: string | undefined;
}

/** Whether a node's applications have Redis; `"some"` of them, or they keep to memory because there is none. */
export type GroundState = "memory" | "here" | "away" | "some";

export interface NodeAnswer {
  readonly name: string;
  readonly state: "starting" | "running" | "gone";
  readonly ground: GroundState;
  /** Open windows, as sockets of this node; `undefined` where nobody counts them. */
  readonly sockets: number | undefined;
  /** While it runs. */
  readonly pid: number | undefined;
}

/** Who has Redis: nobody, whoever started this (`REDIS_URL`), or the showcase, which may switch it. */
export interface RedisAnswer {
  readonly kind: "none" | "given" | "own";
  readonly state: "running" | "stopped" | "frozen";
  /** Of the showcase's own. */
  readonly port?: number;
}

/** Something that happened on the stage. */
export interface Happening {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tone: "act" | "noticed" | "back" | "trouble" | "calm";
  readonly words: string;
}

/** `GET /api/stage`: what runs where, and what happened to it; the latest first. */
export interface StageAnswer {
  readonly mode: "alone" | "cluster";
  readonly redis: RedisAnswer;
  readonly nodes: readonly NodeAnswer[];
  readonly happenings: readonly Happening[];
}

/** `GET /api/exhibits`: what there is. */
export interface ExhibitsAnswer {
  readonly port: number;
  readonly exhibits: readonly ExhibitAnswer[];
}

/** Something that somebody did. */
export interface ActAnswer {
  readonly id: number;
  readonly at: number;
  readonly application: string;
  readonly words: string;
}

/** `GET /api/life`: who is alive, and what they did; the latest first. */
export interface LifeAnswer {
  readonly alive: readonly string[];
  /** How much was done since the start. */
  readonly total: number;
  readonly acts: readonly ActAnswer[];
}

/** `GET /api/here`: whether this visitor sits at the machine, and may switch things. */
export interface HereAnswer {
  readonly mayAct: boolean;
}

export type RedisAct = "stop" | "start" | "freeze" | "thaw";
export type NodeAct = "kill" | "start";
