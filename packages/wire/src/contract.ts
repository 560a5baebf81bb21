import { patternFault } from "./channel-name.ts";
import { LiveError } from "./errors.ts";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.ts";

/** What one kind of channel carries: its events by name, each with the schema of its body. */
export interface ChannelContract {
  readonly events: Readonly<Record<string, StandardSchema<any, any>>>;
}

/** What servers and clients agree on: the channels by pattern. One file, imported by both sides. */
export interface Contract {
  readonly channels: Readonly<Record<string, ChannelContract>>;
}

/** The channel patterns of a contract. */
export type ChannelPattern<C extends Contract> = keyof C["channels"] & string;

/** The event names of a channel. */
export type EventName<C extends Contract, P extends ChannelPattern<C>> = keyof C["channels"][P]["events"] &
  string;

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
  "resync",
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
    const fault = patternFault(pattern);
    if (fault) throw new LiveError("LIVE_CONTRACT_INVALID", `Channel ${JSON.stringify(pattern)}: ${fault}.`);
    for (const [name, schema] of Object.entries(channel.events)) checkEvent(pattern, name, schema);
  }
  return contract;
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
