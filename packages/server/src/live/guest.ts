import { LiveError } from "@livecache/wire";
import type { ErrorCode, ExpiringFrame, RefreshReply } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import { isRefusedCredential } from "../base/credentials.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { followExpiry } from "./expiry.ts";
import type { JudgeIdentity } from "./guarding.ts";
import { readRefreshFrame } from "./request-frame.ts";

/** Who a socket turned out to be, before it is connected. */
export interface Admission {
  readonly request: IdentifyRequest;
  readonly identity: Identity | undefined;
  /** How many changes of identities this node had applied when it asked. */
  readonly asOf: number;
  /** What the door asks of an identity besides, for as long as the socket is connected. */
  readonly judge?: JudgeIdentity | undefined;
}

/** What all guests of a node share. */
export interface GuestParts {
  readonly clock: Clock;
  /** Asks the application who somebody is, several times if need be. Rejects when it cannot say. */
  readonly ask: (request: IdentifyRequest, isUrgent: () => boolean) => Promise<Identity | undefined>;
  /** Whether the identity rests on a token that is not accepted any more. */
  readonly isRevoked: (identity: Identity) => boolean;
  /** A guest is the same user as before, by another token or session perhaps. */
  readonly onRenewed: (guest: Guest, before: Identity | undefined) => void;
  /** The socket is gone. */
  readonly onClosed: (guest: Guest) => void;
}

/** What somebody may do. */
interface Rights {
  /** The identity may have other rights now. */
  reconsider(): Promise<void>;
}

type Socket = Omit<Peer, "identity">;

/** Who one socket is, as long as it is connected. There are as many of them as sockets, so they are kept small. */
export class Guest implements Conversation {
  readonly peer: Peer;
  readonly userId: string | undefined;
  readonly #parts: GuestParts;
  readonly #judge: JudgeIdentity | undefined;
  #request: IdentifyRequest;
  #identity: Identity | undefined;
  #rights: Rights | undefined;
  #stopTimer: Cancel | undefined;
  #asking: Promise<void> | undefined;
  #again = false;
  #isUrgent = false;
  /** It has been closed, or told to end. */
  #isOver = false;

  constructor(parts: GuestParts, socket: Socket, { request, identity, judge }: Admission) {
    this.#parts = parts;
    this.#judge = judge;
    this.userId = identity?.userId;
    this.#request = request;
    this.#identity = identity;
    this.peer = new GuestPeer(socket, this);
  }

  /** Who it is now. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  get frames(): Conversation["frames"] {
    return { refresh: async (request, answer) => answer(await this.#refresh(request)) };
  }

  /** Says what is to be done when the rights of the identity may have changed; to be called once. */
  begin(rights: Rights): void {
    this.#rights = rights;
    this.#watchExpiry();
    // It may have been revoked between the handshake and now.
    this.endIfRevoked();
  }

  /** Ends the socket when the token that it was opened with is not accepted any more. */
  endIfRevoked(): void {
    if (this.#identity && this.#parts.isRevoked(this.#identity)) {
      this.#end("LIVE_IDENTITY_ENDED", "The token of this connection was revoked. Sign in again.");
    }
  }

  /**
   * Asks the application again who this is, and ends the socket when it is nobody or somebody else, or when that cannot be said: soon when
   * it `isUrgent`. Never rejects.
   */
  ask(isUrgent: boolean): Promise<void> {
    this.#again = true;
    this.#isUrgent ||= isUrgent;
    this.#asking ??= this.#askUntilQuiet().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  close(): void {
    this.#isOver = true;
    this.#stopTimer?.();
    this.#parts.onClosed(this);
  }

  #end(code: ErrorCode, message: string): void {
    this.#stopTimer?.();
    if (this.#isOver) return;
    this.#isOver = true;
    this.peer.end(code, message);
  }

  async #become(found: Identity | undefined): Promise<void> {
    const before = this.#identity;
    this.#identity = found;
    this.#parts.onRenewed(this, before);
    this.#watchExpiry();
    await this.#rights?.reconsider();
  }

  #watchExpiry(): void {
    this.#stopTimer?.();
    const expiresAt = this.#identity?.expiresAt;
    this.#stopTimer =
      expiresAt === undefined
        ? undefined
        : followExpiry(this.#parts.clock, expiresAt, {
            expiring: (expiresInMs) => this.peer.emit("expiring", { expiresInMs } satisfies ExpiringFrame),
            expired: () =>
              this.#end(
                "LIVE_IDENTITY_EXPIRED",
                "The identity of this connection has expired. Sign in again.",
              ),
          });
  }

  async #askOnce(): Promise<void> {
    try {
      const found = await this.#parts.ask(this.#request, () => this.#isUrgent);
      if (this.#isOver) return;
      // Somebody who connected as nobody may stay nobody; everybody else stays who they are.
      if (found?.userId === this.userId) {
        const refused = await this.#judge?.(found);
        if (refused) this.#end(refused.code, refused.message);
        if (!this.#isOver) await this.#become(found);
      } else
        this.#end(
          "LIVE_IDENTITY_ENDED",
          "This connection does not belong to its user any more. Sign in again.",
        );
    } catch (error) {
      if (isRefusedCredential(error)) this.#end(error.code, error.message);
      this.#end("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Connect again later.");
    }
  }

  async #askUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      await this.#askOnce();
    } while (this.#again && !this.#isOver);
    this.#isUrgent = false;
  }

  async #refresh(frame: unknown): Promise<RefreshReply> {
    const { clock, ask } = this.#parts;
    const { auth } = readRefreshFrame(frame);
    const fresh = { ...this.#request, auth };
    const found = await ask(fresh, () => true);
    const expiresAt = found?.expiresAt;
    const isOver = expiresAt !== undefined && expiresAt <= clock.wall();
    if (found?.userId !== this.userId || isOver) {
      throw new LiveError("LIVE_IDENTITY_ENDED", "refresh: this does not say who the connection belongs to.");
    }
    const refused = await this.#judge?.(found);
    if (refused) throw refused;
    this.#request = fresh;
    await this.#become(found);
    return expiresAt === undefined ? {} : { expiresInMs: expiresAt - clock.wall() };
  }
}

/** A socket together with who it is. */
class GuestPeer implements Peer {
  readonly #socket: Socket;
  readonly #guest: Pick<Guest, "identity">;

  constructor(socket: Socket, guest: Pick<Guest, "identity">) {
    this.#socket = socket;
    this.#guest = guest;
  }

  get id(): string {
    return this.#socket.id;
  }

  get address(): string | undefined {
    return this.#socket.address;
  }

  get userAgent(): string | undefined {
    return this.#socket.userAgent;
  }

  identity(): Identity | undefined {
    return this.#guest.identity;
  }

  emit(frame: string, ...args: readonly unknown[]): void {
    this.#socket.emit(frame, ...args);
  }

  enter(channel: string): void {
    this.#socket.enter(channel);
  }

  exit(channel: string): void {
    this.#socket.exit(channel);
  }

  end(code: ErrorCode, message: string): void {
    this.#socket.end(code, message);
  }
}
