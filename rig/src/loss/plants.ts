import type { Broadcast, ChangeLog, FrameHandler, Ground, LiveDoor, Realm } from "livecache";
import { formatCursor, parseCursor } from "@livecache/wire";
import type { JoinReply, JoinRequest } from "@livecache/wire";
import type { LossCase } from "./schedule.ts";

/** A bug, planted between the rooms of a node and its ground or its sockets, to prove that the judge finds it. */
export interface Planted {
  /** A case in which it shows. */
  readonly shows: LossCase;
  readonly ground?: (ground: Ground) => Ground;
  readonly door?: (door: LiveDoor) => LiveDoor;
}

type Send = (told: Broadcast) => void;
type Converse = LiveDoor["converse"];
type Socket = Parameters<Converse>[0];

/** What a join handler with a bug works with: the right one, and what begins another conversation with the same socket. */
interface JoinParts {
  readonly join: FrameHandler;
  readonly shadow: () => ReturnType<Converse>;
}

const EVERY = 100;

/** The bugs, by the name of what they do wrong. */
export const PLANTS = named({
  "drops-every-100th": {
    shows: "cut-2s",
    door: outlet((send) => everyHundredth(send, () => undefined)),
  },
  "delivers-twice": {
    shows: "cut-2s",
    door: outlet((send) =>
      everyHundredth(send, (told) => {
        send(told);
        send(told);
      }),
    ),
  },
  "out-of-order": { shows: "cut-2s", door: outlet(swapping) },
  "replays-one-too-many": {
    shows: "cut-2s",
    door: joining(({ join }) => (request, answer) => {
      const { channel, cursor } = request as JoinRequest;
      const at = parseCursor(cursor);
      if (!at || at.offset < 2) return join(request, answer);
      const before = formatCursor({ ...at, offset: at.offset - 1 });
      return join({ channel, cursor: before }, (reply) =>
        answer((reply as JoinReply).resumed ? { ...reply, cursor } : reply),
      );
    }),
  },
  "replays-before-authorising": {
    shows: "cut-2s",
    door: joining(({ join, shadow }) => async (request, answer) => {
      if ((request as JoinRequest).cursor !== undefined) await replay(shadow(), request);
      return join(request, answer);
    }),
  },
  "replays-after-going-live": {
    shows: "cut-2s",
    door: joining(({ join, shadow }) => async (request, answer) => {
      const { channel, cursor } = request as JoinRequest;
      if (cursor === undefined) return join(request, answer);
      await join({ channel }, (reply) => answer({ ...reply, cursor, resumed: true }));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await replay(shadow(), request);
    }),
  },
  "forgets-what-was-missed": {
    shows: "cut-2s",
    door: joining(({ join }) => (request, answer) => {
      const { channel, cursor } = request as JoinRequest;
      if (cursor === undefined) return join(request, answer);
      return join({ channel }, (reply) => answer({ ...reply, cursor, resumed: true }));
    }),
  },
  "swallows-resync": {
    shows: "redis-kill",
    door: (door) => {
      const silent = outlet((send) => (told) => void (told.frame === "resync" || send(told)))(door);
      return {
        ...silent,
        converse: (socket, ...rest) => door.converse(withoutResync(socket), ...rest),
      };
    },
  },
  "resumes-across-epochs": {
    shows: "redis-kill",
    door: joining(({ join }) => (request, answer) => {
      const { cursor } = request as JoinRequest;
      return join(request, (reply) =>
        answer((reply as JoinReply).reason === "epoch" ? { ...reply, cursor, resumed: true } : reply),
      );
    }),
  },
  "acknowledges-what-is-not-written": {
    shows: "cut-2s",
    ground: log(({ append, position }) => {
      let count = 0;
      return { append: (change) => (++count % EVERY === 0 ? position() : append(change)) };
    }),
  },
});

/** The name of a bug: what it does wrong. */
export type Plant = keyof typeof PLANTS;

/** Keeps the names, and forgets what the bugs are made of. */
function named<Name extends string>(bugs: Readonly<Record<Name, Planted>>): typeof bugs {
  return bugs;
}

/** Replaces what is sent to all members of a channel. */
function outlet(wrap: (send: Send) => Send): (door: LiveDoor) => LiveDoor {
  return (door) => ({
    ...door,
    hub: {
      ...door.hub,
      addBroadcaster: (broadcaster) => door.hub.addBroadcaster({ send: wrap(broadcaster.send) }),
    },
  });
}

/** Replaces how a socket joins. */
function joining(wrap: (parts: JoinParts) => FrameHandler): (door: LiveDoor) => LiveDoor {
  return (door) => ({
    ...door,
    converse(socket, ...rest) {
      const right = door.converse(socket, ...rest);
      const nowhere = { ...socket, enter: () => undefined, exit: () => undefined, end: () => undefined };
      const join = wrap({ join: right.frames["join"]!, shadow: () => door.converse(nowhere, ...rest) });
      return { ...right, frames: { ...right.frames, join } };
    },
  });
}

/** Replaces methods of the change log. */
function log(change: (changeLog: ChangeLog) => Partial<ChangeLog>): (ground: Ground) => Ground {
  return (ground) => {
    const realms = new Map<string, Realm>();
    const open = (name: string): Realm => {
      const { changeLog, ...realm } = ground.realm(name);
      const made = { ...realm, changeLog: { ...changeLog, ...change(changeLog) } };
      realms.set(name, made);
      return made;
    };
    return { ...ground, realm: (name) => realms.get(name) ?? open(name) };
  };
}

function everyHundredth(send: Send, instead: Send): Send {
  let count = 0;
  return (told) => (told.frame === "item" && ++count % EVERY === 0 ? instead(told) : send(told));
}

/** Now and then sends an event only behind the next one of its channel. */
function swapping(send: Send): Send {
  let held: Broadcast | undefined;
  let count = 0;
  return (told) => {
    if (told.frame === "item" && !held && ++count % EVERY === 0) {
      held = told;
      return;
    }
    send(told);
    if (held?.channel !== told.channel) return;
    send(held);
    held = undefined;
  };
}

/** Sends what was missed since the cursor of the request, and nothing else. */
async function replay(conversation: ReturnType<Converse>, request: unknown): Promise<void> {
  await conversation.frames["join"]!(request, () => undefined).catch(() => undefined);
  conversation.close();
}

function withoutResync(socket: Socket): Socket {
  return {
    ...socket,
    emit: (frame, ...args) => void (frame === "resync" || socket.emit(frame, ...args)),
  };
}
