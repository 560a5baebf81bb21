import { formatChannel } from "@livecache/wire";
import type { LocateReply, NearReply, RegionsContract } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import { withDeadline } from "../base/deadline.ts";
import { invalidFrame } from "../base/frame-fields.ts";
import type { Identity } from "../base/identity.ts";
import type { Tasks } from "../base/tasks.ts";
import type { RegionStore } from "../ports/region-store.ts";
import type { Point } from "./geohash.ts";
import { createLocator } from "./locator.ts";
import type { Locator } from "./locator.ts";
import { createPlaces } from "./places.ts";
import { createReads } from "./reads.ts";
import type { CellView, RegionReads } from "./reads.ts";
import { cellsAround, createRegionApi, hasMembers } from "./region-api.ts";
import type { Regions } from "./region-api.ts";
import { readLocateFrame, readNearFrame } from "./region-frame.ts";
import type { RegionSocket } from "./seat.ts";
import { createSightings } from "./sightings.ts";
import type { Sighting, Sightings } from "./sightings.ts";

/** What the regions of a node need from their surroundings. */
export interface RegionsParts {
  readonly store: RegionStore;
  readonly contract: RegionsContract;
  /** Name of the node. */
  readonly node: string;
  /** Whether somebody may join the channel of a cell. */
  readonly authorize: (identity: Identity | undefined, cell: string) => Promise<boolean>;
  /** Told where sockets were seen, together and at most once a second: of each socket the last sighting. Must not throw. */
  readonly onSeen?: (sightings: readonly Sighting[]) => void;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What regions have with one socket: the frames `locate` and `near`. */
export interface RegionConversation extends Conversation {
  /** The rights of the identity may have changed, and the hub has put the socket out of channels. */
  reconsider(): void;
}

/** The regions of one node. */
export interface RegionRoom {
  readonly regions: Regions;
  conversation(socket: RegionSocket): RegionConversation;
  /** The ground has lost data: tells it once more where this node's sockets are. */
  restate(): void;
  /** Gives up what this node says of its sockets. Idempotent. */
  close(): Promise<void>;
}

/** How long the application may think about who may see a cell. */
const AUTHORIZE_WITHIN_MS = 5_000;

/** Most members that one `near` frame is answered. */
const MOST_NEAR = 200;

/**
 * Makes the regions of one node, and begins to hold its lease in the ground: one write every 500 ms. A location that stays in its cell
 * touches nothing but this node's memory; a move is answered when the channel of the new cell has been joined, and told to the ground behind
 * that.
 */
export function createRegions(parts: RegionsParts): RegionRoom {
  const { clock, contract } = parts;
  const { precision } = contract;
  const waiting = new Set<Locator>();
  const places = createPlaces({
    ...parts,
    onReached() {
      for (const locator of waiting) parts.tasks.track(locator.retry());
    },
  });
  const reads = createReads(parts.store, places);
  const sightings = createSightings(clock, parts.onSeen);
  const channelOf = createChannelNames(contract.channel);

  function begin(socket: RegionSocket): RegionConversation {
    const locator = createLocator(socket, { places, precision, channelOf, waiting });
    return createConversation({ ...parts, peer: socket.peer, locator, reads, sightings });
  }

  return {
    regions: createRegionApi(reads, precision),
    conversation: begin,
    restate: places.restate,
    async close() {
      sightings.close();
      await places.close();
    },
  };
}

/** Names the channels of cells. */
function createChannelNames(pattern: string): (cell: string) => string {
  const [parameter = ""] = pattern.split("/").filter((segment) => segment.startsWith(":"));
  return (cell) => formatChannel(pattern, { [parameter.slice(1)]: cell });
}

const DONE = Promise.resolve();

interface ConversationParts extends Pick<RegionsParts, "authorize" | "clock" | "warn"> {
  readonly peer: Peer;
  readonly locator: Locator;
  readonly reads: RegionReads;
  readonly sightings: Sightings;
}

function createConversation(parts: ConversationParts): RegionConversation {
  const { peer, locator, reads, sightings } = parts;

  let closed = false;
  let last: Point | undefined;

  function note(): void {
    if (last && !closed) sightings.note(peer.id, last, locator.cell());
  }

  /** A location within the cell, the usual case, makes neither a promise nor anything else to be waited for. */
  function locate(request: unknown, answer: (reply: LocateReply) => void): Promise<void> {
    try {
      last = readLocateFrame(request);
      const moving = locator.locate(last, answer);
      if (moving) return moving.finally(note);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    note();
    return DONE;
  }

  /** Who may join the channel of a cell may know who is there. */
  async function maySee(cell: string): Promise<boolean> {
    try {
      const asked = parts.authorize(peer.identity(), cell);
      const limit = { what: `authorize of region ${cell}`, limitMs: AUTHORIZE_WITHIN_MS };
      return (await withDeadline(parts.clock, asked, limit)) === true;
    } catch (error) {
      parts.warn("authorize failed, so the region was not shown", { cell, error });
      return false;
    }
  }

  async function near(request: unknown): Promise<NearReply> {
    const radius = readNearFrame(request);
    const cell = locator.cell();
    if (cell === undefined)
      throw invalidFrame("near", 'a socket that has told where it is; send "locate" first');
    const found = await reads.members(cellsAround(cell, radius), MOST_NEAR + 1);
    const others = withoutSocket(found.cells, peer.id).filter(hasMembers);
    const seen = await Promise.all(others.map(async (one) => (await maySee(one.cell)) && one));
    return { cell, cells: seen.filter((one) => one !== false), scope: found.scope };
  }

  return {
    frames: {
      locate,
      near: async (request, answer) => answer(await near(request)),
    },
    reconsider() {
      locator.reconsider();
      note();
    },
    close() {
      closed = true;
      locator.close();
      sightings.forget(peer.id);
    },
  };
}

/** The asking socket is left out, and one member more was asked for instead. */
function withoutSocket(cells: readonly CellView[], socketId: string): readonly CellView[] {
  let left = MOST_NEAR;
  return cells.map(({ cell, members, truncated }) => {
    const others = members.filter((member) => member.socketId !== socketId);
    const shown = others.slice(0, left);
    left -= shown.length;
    return { cell, members: shown, truncated: truncated || shown.length < others.length };
  });
}
