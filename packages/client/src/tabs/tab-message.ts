/** What tabs say to each other. `from` and `to` are names of tabs; without `to` it is for all others. */
export type TabMessage =
  /** "I lead now": whoever was connected through another tab is not any more. */
  | { readonly kind: "leader"; readonly from: string }
  /** The leader's socket is connected; also the answer to `hello`. */
  | { readonly kind: "up"; readonly from: string; readonly to?: string }
  | { readonly kind: "down"; readonly from: string; readonly reason: string }
  /** The leader's socket could not connect. */
  | { readonly kind: "failed"; readonly from: string; readonly error: ConnectFailure }
  /** Something arrived at the leader's socket. */
  | { readonly kind: "arrived"; readonly from: string; readonly args: readonly unknown[] }
  /** "I need the connection." */
  | { readonly kind: "hello"; readonly from: string }
  | { readonly kind: "bye"; readonly from: string }
  /** "Is anybody there?", and the leader's answer. */
  | { readonly kind: "ping"; readonly from: string }
  | { readonly kind: "pong"; readonly from: string; readonly to: string }
  | TabRequest
  | {
      readonly kind: "reply";
      readonly from: string;
      readonly to: string;
      readonly number: number;
      readonly reply: unknown;
    };

/** A frame that the leader is to send; `reply` answers it, with `undefined` when the server did not. */
export interface TabRequest {
  readonly kind: "request";
  readonly from: string;
  readonly number: number;
  readonly frame: string;
  readonly body: unknown;
  readonly timeoutMs: number;
}

/** Why a socket could not connect, as Socket.IO tells it. */
export interface ConnectFailure {
  readonly message: string;
  readonly data?: unknown;
  /** Whether the socket means to connect all the same. */
  readonly active: boolean;
}
