import { patternFault } from "./channel-name.ts";
import { LiveError } from "./errors.ts";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.ts";

/** Schemas by the name of what they describe. */
export type Schemas = Readonly<Record<string, StandardSchema<any, any>>>;

/** How much of a channel is kept for those who come back. */
export interface HistoryContract {
  /** Most events, 1 to 10,000. Default 500. */
  readonly events?: number;
  /** Oldest event: a number with `s`, `m`, `h` or `d`, at most 7 days. Default `"10m"`. */
  readonly age?: string;
}

/** What one kind of channel carries, and what it offers its members. */
export interface ChannelContract {
  /** Events by name: published by servers, kept in the channel's history, delivered in order. */
  readonly events: Schemas;
  /** What members may send to the server, by name. */
  readonly messages?: Schemas;
  /** What is told without history, latest value wins, by name: by servers, and by members to each other. */
  readonly whispers?: Schemas;
  /** How much is kept for those who come back; `false` for nothing. */
  readonly history?: HistoryContract | false;
  /** Whether members see who else is there. Default no. */
  readonly presence?: boolean;
  /** Whether members see who is typing. Default no. */
  readonly typing?: boolean;
}

/** Where sockets that tell their location belong: to the channel of the geohash cell they are in. */
export interface RegionsContract {
  /** A channel pattern with one parameter, the cell: `"region/:cell"`. */
  readonly channel: string;
  /** Characters of a cell's geohash, 1 to 12. Six are about 1.2 by 0.6 km. */
  readonly precision: number;
}

/** What servers and clients agree on: the channels by pattern. One file, imported by both sides. */
export interface Contract {
  readonly channels: Readonly<Record<string, ChannelContract>>;
  readonly regions?: RegionsContract;
  /** Kinds of notifications, each with the schema of its body. */
  readonly notifications?: Schemas;
}

/** The channel patterns of a contract. */
export type ChannelPattern<C extends Contract> = keyof C["channels"] & string;

/** The event names of a channel. */
export type EventName<C extends Contract, P extends ChannelPattern<C>> = keyof C["channels"][P]["events"] &
  string;

/** The names of a channel's whispers. */
export type WhisperName<C extends Contract, P extends ChannelPattern<C>> = keyof NonNullable<
  C["channels"][P]["whispers"]
> &
  string;

/** The names of the messages that members of a channel may send. */
export type MessageName<C extends Contract, P extends ChannelPattern<C>> = keyof NonNullable<
  C["channels"][P]["messages"]
> &
  string;

/** What a client sends as a message. */
export type MessageInput<
  C extends Contract,
  P extends ChannelPattern<C>,
  M extends MessageName<C, P>,
> = SchemaInput<NonNullable<C["channels"][P]["messages"]>[M]>;

/** What a handler of a message receives. */
export type MessageOutput<
  C extends Contract,
  P extends ChannelPattern<C>,
  M extends MessageName<C, P>,
> = SchemaOutput<NonNullable<C["channels"][P]["messages"]>[M]>;

/** The kinds of a contract's notifications. */
export type NotificationKind<C extends Contract> = keyof NonNullable<C["notifications"]> & string;

/** What is handed in as a notification. */
export type NotificationInput<C extends Contract, K extends NotificationKind<C>> = SchemaInput<
  NonNullable<C["notifications"]>[K]
>;

/** What is handed in as a whisper. */
export type WhisperInput<
  C extends Contract,
  P extends ChannelPattern<C>,
  W extends WhisperName<C, P>,
> = SchemaInput<NonNullable<C["channels"][P]["whispers"]>[W]>;

/** What the publisher of an event hands in. */
export type EventInput<
  C extends Contract,
  P extends ChannelPattern<C>,
  E extends EventName<C, P>,
> = SchemaInput<C["channels"][P]["events"][E]>;

/** What a subscriber of an event receives. */
export type EventOutput<
  C extends Contract,
  P extends ChannelPattern<C>,
  E extends EventName<C, P>,
> = SchemaOutput<C["channels"][P]["events"][E]>;

/** Names that the protocol or the client's handlers use, or that Socket.IO reserves; no event may carry one. */
export const RESERVED_EVENTS: readonly string[] = [
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "error",
  "newListener",
  "removeListener",
  "stale",
  "body",
  "resync",
  "left",
  "ended",
  "expiring",
  "typing",
  "presence-diff",
  "onResync",
  "onError",
];

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * Declares a contract. It only checks and returns its argument, and exists so that TypeScript keeps the literal names.
 *
 * @throws LiveError `LIVE_CONTRACT_INVALID` naming the channel or event that is malformed or reserved, and what would be accepted.
 */
export function defineContract<const C extends Contract>(contract: C): C {
  for (const [pattern, channel] of Object.entries(contract.channels)) {
    const fault = patternFault(pattern) ?? channelFault(channel);
    if (fault) throw new LiveError("LIVE_CONTRACT_INVALID", `Channel ${JSON.stringify(pattern)}: ${fault}.`);
    checkNames(pattern, channel);
  }
  const fault = contract.regions && regionsFault(contract.regions, contract.channels);
  if (fault) throw new LiveError("LIVE_CONTRACT_INVALID", `regions: ${fault}.`);
  for (const [kind, schema] of Object.entries(contract.notifications ?? {})) {
    checkEvent("of notifications", kind, schema);
  }
  return contract;
}

const CHANNEL_FIELDS = ["events", "messages", "whispers", "history", "presence", "typing"];

/** Most events that a channel may keep. */
const MAX_HISTORY_EVENTS = 10_000;

const AGE = /^(\d{1,6})([smhd])$/;
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const MAX_AGE_S = 7 * 86_400;

function channelFault(channel: ChannelContract): string | undefined {
  const unknown = Object.keys(channel).find((field) => !CHANNEL_FIELDS.includes(field));
  if (unknown !== undefined) return `"${unknown}" is not known there; expected ${CHANNEL_FIELDS.join(", ")}`;
  for (const flag of ["presence", "typing"] as const) {
    const value: unknown = channel[flag];
    if (value !== undefined && typeof value !== "boolean")
      return `${flag} must be true or false, received ${typeof value}`;
  }
  const { history } = channel;
  return history === undefined || history === false ? undefined : historyFault(history);
}

function historyFault({ events, age }: HistoryContract): string | undefined {
  if (events !== undefined && !(Number.isInteger(events) && events >= 1 && events <= MAX_HISTORY_EVENTS)) {
    return `history.events must be a whole number from 1 to ${MAX_HISTORY_EVENTS}, received ${String(events)}`;
  }
  if (age === undefined) return undefined;
  const [, amount, unit] = AGE.exec(age) ?? [];
  const seconds = Number(amount) * (UNIT_S[unit ?? ""] ?? Number.NaN);
  if (seconds >= 1 && seconds <= MAX_AGE_S) return undefined;
  return `history.age must be from "1s" to "7d", received ${JSON.stringify(age)}`;
}

function regionsFault(
  { channel, precision }: RegionsContract,
  channels: Contract["channels"],
): string | undefined {
  if (!Object.hasOwn(channels, channel))
    return `channel ${JSON.stringify(channel)} is not one of the contract's channels`;
  if (channel.split("/").filter((segment) => segment.startsWith(":")).length !== 1) {
    return `channel ${JSON.stringify(channel)} must have exactly one parameter, the cell`;
  }
  if (Number.isInteger(precision) && precision >= 1 && precision <= 12) return undefined;
  return `precision must be a whole number from 1 to 12, received ${String(precision)}`;
}

function checkNames(pattern: string, { events, whispers = {}, messages = {} }: ChannelContract): void {
  for (const [name, schema] of Object.entries(events)) checkEvent(pattern, name, schema);
  for (const [name, schema] of Object.entries(messages)) checkEvent(pattern, name, schema);
  for (const [name, schema] of Object.entries(whispers)) {
    checkEvent(pattern, name, schema);
    if (!Object.hasOwn(events, name)) continue;
    throw new LiveError(
      "LIVE_CONTRACT_INVALID",
      `Channel ${pattern}: "${name}" is an event and a whisper. Rename one of the two.`,
    );
  }
}

function checkEvent(pattern: string, name: string, schema: unknown): void {
  if (RESERVED_EVENTS.includes(name)) {
    throw new LiveError(
      "LIVE_CONTRACT_INVALID",
      `Channel ${pattern}: event name "${name}" is reserved. Choose another name.`,
    );
  }
  if (!EVENT_NAME.test(name)) {
    throw new LiveError(
      "LIVE_CONTRACT_INVALID",
      `Channel ${pattern}: event name ${JSON.stringify(name)} must start with a letter and have at most 64 letters, digits, "_", "." and "-".`,
    );
  }
  const standard = (schema as Partial<StandardSchema> | null | undefined)?.["~standard"];
  if (typeof standard?.validate !== "function") {
    throw new LiveError(
      "LIVE_CONTRACT_INVALID",
      `Channel ${pattern}, event "${name}": expected a Standard Schema (Zod, Valibot, ArkType ...), received ${typeof schema}.`,
    );
  }
}
