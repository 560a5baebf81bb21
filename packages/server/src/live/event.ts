import { LiveError, describeIssues, formatChannel } from "@livecache/wire";
import type { Contract, SchemaResult, StandardSchema } from "@livecache/wire";
import type { OutgoingEvent } from "../ports/change-log.ts";
import { createPatternFinder } from "./contract-pattern.ts";
import { keptHistories } from "./kept-history.ts";

/** Longest body of an event, in bytes of JSON. */
const MAX_EVENT_BYTES = 64 * 1024;

/** An event on its way to a channel, made by `live.event` and handed to `live.change({ emit })`. */
export interface LiveEvent {
  readonly channel: string;
  readonly pattern: string;
  readonly name: string;
  readonly data: unknown;
}

/** Makes the events of one contract. */
export interface EventMaker {
  /**
   * Makes an event. Its body is not looked at yet.
   *
   * @throws LiveError `LIVE_EVENT_INVALID` for a channel or an event that the contract does not have, and for parameters that give
   * the name of another channel of the contract; `LIVE_INPUT_INVALID` for a missing or overlong parameter
   */
  event(
    pattern: string,
    params: Readonly<Record<string, string | number>>,
    ...event: [name: string, data: unknown]
  ): LiveEvent;
  /**
   * Checks an event's body against its schema and serialises what the schema yields: that is what subscribers receive.
   *
   * Rejects with `LIVE_EVENT_INVALID`, which says the channel, the event and what is wrong: an issue of the schema, a body that is not
   * JSON, or more than {@link MAX_EVENT_BYTES}.
   */
  prepare(event: LiveEvent): Promise<OutgoingEvent>;
}

/** Makes the event maker of a contract. */
export function createEventMaker(contract: Contract): EventMaker {
  const findPattern = createPatternFinder(contract);
  const kept = keptHistories(contract);

  function schemaOf(pattern: string, name: string): StandardSchema {
    const { channels } = contract;
    if (!Object.hasOwn(channels, pattern)) {
      throw invalid(
        `Channel ${show(pattern)}`,
        `the contract has no such channel. It has: ${list(channels)}.`,
      );
    }
    const { events } = channels[pattern]!;
    if (!Object.hasOwn(events, name)) {
      throw invalid(
        `Channel ${pattern}`,
        `the contract has no event ${show(name)} there. It has: ${list(events)}.`,
      );
    }
    return events[name]!;
  }

  return {
    event(pattern, params, name, data) {
      schemaOf(pattern, name);
      const channel = formatChannel(pattern, params);
      const found = findPattern(channel)?.pattern;
      if (found !== pattern) {
        throw invalid(
          `Channel ${pattern}`,
          `with these parameters it is called "${channel}", which is a name of channel ${found}. Rename one of the two.`,
        );
      }
      return { channel, pattern, name, data };
    },
    async prepare(event) {
      if (typeof event?.channel !== "string") {
        throw invalid("emit", `expected what live.event(...) returned, received ${show(event)}.`);
      }
      const { channel, pattern, name, data } = event;
      const what = `Channel ${channel}, event "${name}"`;
      const result = await validate(what, schemaOf(pattern, name), data);
      if (result.issues) throw invalid(what, `${describeIssues(result.issues)}.`);
      const body = serialise(what, result.value);
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_EVENT_BYTES) {
        throw invalid(
          what,
          `the body has ${bytes} bytes, at most ${MAX_EVENT_BYTES} are allowed. Send an id and let clients load the rest.`,
        );
      }
      return { channel, name, body, kept: kept.get(pattern) };
    },
  };
}

async function validate(what: string, schema: StandardSchema, data: unknown): Promise<SchemaResult<unknown>> {
  try {
    return await schema["~standard"].validate(data);
  } catch (cause) {
    throw invalid(what, `its schema failed: ${String(cause)}.`, cause);
  }
}

function serialise(what: string, value: unknown): string {
  let body: string | undefined;
  try {
    body = JSON.stringify(value);
  } catch (cause) {
    throw invalid(what, `the body cannot be written as JSON: ${String(cause)}.`, cause);
  }
  if (body === undefined) throw invalid(what, `expected a body that is JSON, received ${typeof value}.`);
  return body;
}

function invalid(what: string, why: string, cause?: unknown): LiveError {
  return new LiveError("LIVE_EVENT_INVALID", `${what}: ${why}`, { cause });
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? typeof value;
}

function list(record: object): string {
  return Object.keys(record).join(", ") || "nothing";
}
