/** Something that one client noted about one channel, in the order in which it happened to it. */
export type Note =
  /** The server has let the client in. `resumed`: whether it goes on where the client stood; absent the first time. */
  | { readonly kind: "joined"; readonly cursor?: string | undefined; readonly resumed?: boolean | undefined }
  /** The connection is gone. */
  | { readonly kind: "offline" }
  | {
      readonly kind: "event";
      readonly id: string;
      /** Absent: the event has no place among the channel's events yet. */
      readonly cursor?: string | undefined;
      readonly position?: string | undefined;
    }
  /** The client was told that it misses something. `cursor`: up to where, if it was told that too. */
  | {
      readonly kind: "resync";
      readonly reason: string;
      readonly cursor?: string | undefined;
      readonly position?: string | undefined;
    };

/** What one client noted about one channel. Only ever appended to. */
export interface ClientHistory {
  readonly client: string;
  readonly channel: string;
  /** `"wire"`: everything that arrived. `"app"`: what `@livecache/client` handed to the application. */
  readonly level: "wire" | "app";
  readonly notes: readonly Note[];
}

/** An event that somebody meant to publish. */
export interface PublishedEvent {
  readonly id: string;
  readonly channel: string;
  /** The position with which the log has taken it; absent when the outcome is unknown: it may arrive or not. */
  readonly position?: string | undefined;
  /** Published when everything was well again: every client must end with it. */
  readonly final?: boolean | undefined;
}

/** Everything that a run has left to judge. */
export interface Evidence {
  readonly published: readonly PublishedEvent[];
  readonly histories: readonly ClientHistory[];
  /** Publishers that were killed: what they published last was not noted. Their events begin with this and a dash. */
  readonly killed?: readonly string[];
}
