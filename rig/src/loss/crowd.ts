import { serveNode } from "../node-process.ts";
import { seededRandom } from "../random.ts";
import { createAppClient } from "./app-client.ts";
import { createRecorder } from "./recorder.ts";
import type { Delivery, Recorder } from "./recorder.ts";
import { createStockClient } from "./stock-client.ts";
import { channelName, publisherOf } from "./traffic.ts";

/** How the crowd of a run is started: as JSON in its first argument. */
export interface CrowdOptions {
  readonly seed: number;
  /** Where each group of clients connects to. */
  readonly urls: readonly string[];
  readonly clients: number;
  readonly channels: number;
  readonly channelsPerClient: number;
}

/** How long it took from a publish on a node to its delivery to the node's own clients, in milliseconds. */
export interface LocalFigures {
  readonly deliveries: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Told while the ground was away. */
  readonly early: number;
  readonly longestEarly: number;
}

const options = JSON.parse(process.argv[2]!) as CrowdOptions;
const { urls, channels, channelsPerClient } = options;
const random = seededRandom(options.seed);
/** Which node each group is connected to; unknown while it changes. */
const homes: (string | undefined)[] = urls.map(() => undefined);
const local: number[] = [];
let early = 0;
let longestEarly = 0;

function noteDelivery(group: number, { publisher, tookMs, isEarly }: Delivery): void {
  if (homes[group] !== publisherOf(publisher).place) return;
  local.push(tookMs);
  if (!isEarly) return;
  early++;
  longestEarly = Math.max(longestEarly, tookMs);
}

/** What `@livecache/client` hands on does not show where early events stand: somebody in the same channel has to see it on the wire. */
const onTheWire: number[] = [];

function drawChannels(isApp: boolean): ReadonlySet<number> {
  const drawn = new Set<number>();
  const all = isApp ? [...new Set(onTheWire)] : Array.from({ length: channels }, (_, channel) => channel);
  while (drawn.size < Math.min(channelsPerClient, all.length)) drawn.add(random.pick(all));
  if (!isApp) onTheWire.push(...drawn);
  return drawn;
}

const recorders: Recorder[] = [];
const clients = Array.from({ length: options.clients }, (_, index) => {
  const group = index % urls.length;
  const isApp = Math.floor(index / urls.length) % 2 === 1;
  const level = isApp ? "app" : "wire";
  const mine = new Map(
    [...drawChannels(isApp)].map((number) => {
      const channel = channelName(number);
      const who = { client: `${level}-${index}`, channel, level } as const;
      return [channel, createRecorder(who, (delivery) => noteDelivery(group, delivery))];
    }),
  );
  recorders.push(...mine.values());
  const parts = { url: urls[group]!, recorders: mine, random };
  return isApp ? createAppClient(parts) : createStockClient(parts);
});

serveNode({
  /** How many histories there are. */
  size: () => recorders.length,
  history: (index) => recorders[index as number]!.history,
  /** How many have begun. */
  begun: () => recorders.filter(({ history }) => history.notes.length > 0).length,
  /** How many are not in their channel at the moment. */
  absent: () => recorders.filter(({ isIn }) => !isIn()).length,
  /** How many do not have the event of their channel yet; `ids` by the number of the channel. */
  lacking(ids) {
    const idOf = new Map((ids as string[]).map((id, number) => [channelName(number), id]));
    return recorders.filter(({ history, has }) => !has(idOf.get(history.channel)!)).length;
  },
  home: (group, node) => void (homes[group as number] = node as string | undefined),
  local(): LocalFigures {
    const sorted = Float64Array.from(local).sort();
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    return {
      deliveries: sorted.length,
      ...{ p50: round(at(0.5)), p99: round(at(0.99)), longest: round(at(1)) },
      ...{ early, longestEarly: round(longestEarly) },
    };
  },
  close: () => clients.forEach((client) => client.close()),
});
