import { createAppClient } from "../loss/app-client.ts";
import type { ClientHistory } from "../loss/history.ts";
import { createRecorder } from "../loss/recorder.ts";
import type { Recorder } from "../loss/recorder.ts";
import { createStockClient } from "../loss/stock-client.ts";
import type { CrowdClient } from "../loss/stock-client.ts";
import { channelName } from "../loss/traffic.ts";
import type { SeededRandom } from "../random.ts";
import type { RowItem } from "./contract.ts";
import type { Place } from "./site.ts";

/** An event that came to a client, from the node that it is connected to. */
export interface Heard {
  readonly place: Place;
  readonly node: string;
  readonly item: RowItem;
  /** Its position in the log, if it has one yet. */
  readonly position: string | undefined;
}

/** People in front of screens. */
export interface Audience {
  histories(): readonly ClientHistory[];
  /** Channels in which somebody is not at the moment. */
  absent(): number;
  /** How many have not seen the event of their channel; `ids` by the number of the channel. */
  lacking(ids: readonly string[]): number;
  /** Who is to be seen in a channel. */
  usersIn(channel: number): readonly string[];
  close(): void;
}

/** What an audience is made of. */
export interface AudienceParts {
  readonly places: readonly Place[];
  readonly random: SeededRandom;
  readonly channels: number;
  readonly clientsPerNode: number;
  readonly onHeard: (heard: Heard) => void;
}

const CHANNELS_PER_CLIENT = 4;
/** Fewer than clients, so that some have several connections. */
const USERS = 7;

/** Connects everybody. */
export function createAudience(parts: AudienceParts): Audience {
  const { places, random, channels, clientsPerNode, onHeard } = parts;
  const recorders: Recorder[] = [];
  const clients: CrowdClient[] = [];
  const users = new Map<string, Set<string>>();
  const onTheWire = new Set<number>();

  function draw(isApp: boolean): readonly number[] {
    // What `@livecache/client` hands on does not show where early events stand: somebody has to see it on the wire.
    const all = isApp ? [...onTheWire] : Array.from({ length: channels }, (_, channel) => channel);
    const drawn = new Set<number>();
    while (drawn.size < Math.min(CHANNELS_PER_CLIENT, all.length)) drawn.add(random.pick(all));
    if (!isApp) for (const channel of drawn) onTheWire.add(channel);
    return [...drawn];
  }

  function recorderOf(who: Omit<ClientHistory, "notes">, place: Place): Recorder {
    const recorder = createRecorder(who, () => undefined);
    recorders.push(recorder);
    return {
      ...recorder,
      event(item, meta) {
        recorder.event(item, meta);
        onHeard({ place, node: place.name, item: item as RowItem, position: meta.position });
      },
    };
  }

  places.forEach((place, index) => {
    for (let number = 0; number < clientsPerNode; number++) {
      const isApp = number % 4 === 3;
      const level = isApp ? "app" : "wire";
      const user = `u${(index * clientsPerNode + number) % USERS}`;
      const mine = new Map<string, Recorder>();
      for (const channel of draw(isApp).map(channelName)) {
        mine.set(channel, recorderOf({ client: `${level}-${place.letter}${number}`, channel, level }, place));
        if (!isApp) users.set(channel, (users.get(channel) ?? new Set()).add(user));
      }
      const url = `http://127.0.0.1:${place.port}`;
      // Nobody is not shown.
      if (isApp) clients.push(createAppClient({ url, recorders: mine, random }));
      else clients.push(createStockClient({ url: `${url}?user=${user}`, recorders: mine, random }));
    }
  });

  return {
    histories: () => recorders.map(({ history }) => history),
    absent: () => recorders.filter(({ isIn }) => !isIn()).length,
    lacking(ids) {
      const idOf = new Map(ids.map((id, number) => [channelName(number), id]));
      return recorders.filter(({ history, has }) => !has(idOf.get(history.channel)!)).length;
    },
    usersIn: (channel) => [...(users.get(channelName(channel)) ?? [])].sort(),
    close: () => clients.forEach((client) => client.close()),
  };
}
