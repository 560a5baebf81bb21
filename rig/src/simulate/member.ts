import type { Broadcast, ErrorCode } from "livecache";
import { formatCursor, parseCursor } from "@livecache/wire";
import type { EventMeta, JoinReply, LocateReply, ResyncFrame, SendReply, WatchReply } from "@livecache/wire";
import type { SimIdentity, SiteNode } from "./site.ts";

/** What a member is told, for whoever acts on it. */
export interface MemberEars {
  /** An event that came with a position: the node may not answer older data any more. */
  readonly onEvent: (member: Member, body: unknown, meta: EventMeta) => void;
  /** The server has put it out of a channel. */
  readonly onLeft?: (member: Member) => void;
  /** Something that must not be. */
  readonly onFault: (rule: string, details: object) => void;
}

type Conversation = ReturnType<SiteNode["live"]["door"]["converse"]>;

/** A socket of one node, in one channel, that judges what it is told: no event twice, none out of order, none missing without a word. */
export class Member {
  readonly id: string;
  readonly node: SiteNode;
  readonly user: SimIdentity;
  /** The last event that it was told, or where it began; absent before it has joined. */
  cursor: string | undefined;
  /** Why it was ended by the server. */
  ended: ErrorCode | undefined;
  isOpen = true;
  /** Whether it was connected as its user; otherwise as nobody, for its token was not accepted. */
  isKnown = false;
  /** Ids of live queries that it was told are stale. */
  readonly stale = new Set<string>();
  readonly #entered = new Set<string>();
  readonly #ears: MemberEars;
  #conversation: Conversation | undefined;
  readonly #ear = (told: Broadcast): void => this.#hear(told.frame, told.args, told.except);

  constructor(id: string, node: SiteNode, who: { readonly user: SimIdentity; readonly ears: MemberEars }) {
    this.id = id;
    this.node = node;
    this.user = who.user;
    this.#ears = who.ears;
  }

  /** Connects. Rejects as `admit` does. */
  async connect(): Promise<void> {
    const { door } = this.node.live;
    const auth = { user: this.user };
    const admission = await door.admit({ headers: {}, url: "/", auth, native: 0 });
    this.isKnown = admission.identity !== undefined;
    const nothing = undefined;
    this.#conversation = door.converse(
      {
        ...{ id: this.id, address: nothing, userAgent: nothing },
        emit: (frame, ...args) => this.#hear(frame, args, undefined),
        enter: (channel) => this.#enter(channel),
        exit: (channel) => this.#exit(channel),
        end: (code) => {
          this.ended = code;
          this.close();
        },
      },
      admission,
    );
    if (!this.isOpen) this.close();
  }

  get isConnected(): boolean {
    return this.isOpen && this.#conversation !== undefined;
  }

  /** Joins, or comes back with what it has seen before. Rejects as `join` does. */
  async join(channel: string, cursor?: string): Promise<JoinReply> {
    let reply: JoinReply | undefined;
    await this.#conversation!.handler("join")!({ channel, cursor }, (answer) => {
      reply = answer as JoinReply;
      this.cursor = reply.cursor;
      if (reply.resumed && cursor !== undefined && reply.cursor !== cursor) {
        this.#ears.onFault("resumes elsewhere", { cursor, reply });
      }
    });
    return reply!;
  }

  /** Sends a message; answers what its handler does. Rejects as `send` does. */
  async send(channel: string, message: { readonly id: string; readonly data: unknown }): Promise<unknown> {
    let reply: SendReply | undefined;
    const frame = { channel, name: "ask", ...message };
    await this.#conversation!.handler("send")!(frame, (answer) => (reply = answer as SendReply));
    return reply!.data;
  }

  async watch(token: string): Promise<WatchReply> {
    let reply: WatchReply | undefined;
    await this.#conversation!.handler("watch")!({ token }, (answer) => (reply = answer as WatchReply));
    return reply!;
  }

  /** Says where it is; answers the cell. Rejects as `locate` does. */
  async locate(point: { readonly latitude: number; readonly longitude: number }): Promise<LocateReply> {
    let reply: LocateReply | undefined;
    await this.#conversation!.handler("locate")!(point, (answer) => (reply = answer as LocateReply));
    return reply!;
  }

  /** The socket is gone. */
  close(): void {
    this.isOpen = false;
    this.#conversation?.close();
    for (const channel of this.#entered) this.#exit(channel);
  }

  #enter(channel: string): void {
    const { rooms } = this.node;
    const room = rooms.get(channel) ?? new Set();
    rooms.set(channel, room.add(this.#ear));
    this.#entered.add(channel);
  }

  #exit(channel: string): void {
    const room = this.node.rooms.get(channel);
    room?.delete(this.#ear);
    if (room?.size === 0) this.node.rooms.delete(channel);
    this.#entered.delete(channel);
  }

  #hear(frame: string, args: readonly unknown[], except: Broadcast["except"]): void {
    if (!this.isOpen || except === this.id) return;
    if (frame === "stale") this.stale.add((args[0] as { id: string }).id);
    if (frame === "resync") this.cursor = (args[0] as ResyncFrame).cursor;
    if (frame === "left") this.#ears.onLeft?.(this);
    if (frame === "moved") this.#hearEvent(args[0], args[1] as Partial<EventMeta> | undefined);
  }

  #hearEvent(body: unknown, meta: Partial<EventMeta> | undefined): void {
    // Of this node's own change, which the ground does not know yet; it comes once more.
    if (meta?.cursor === undefined) return;
    const last = parseCursor(this.cursor);
    const next = last && formatCursor({ ...last, offset: last.offset + 1 });
    if (meta.cursor !== next) {
      this.#ears.onFault("events not in a row", { last: this.cursor ?? null, told: meta.cursor, body });
    }
    this.cursor = meta.cursor;
    this.#ears.onEvent(this, body, meta as EventMeta);
  }
}
