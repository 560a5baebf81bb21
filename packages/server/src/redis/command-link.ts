import { randomInt } from "node:crypto";
import type { LiveError } from "@livecache/wire";
import { withDeadline } from "../base/deadline.ts";
import { defer } from "./defer.ts";
import { createGuard } from "./guard.ts";
import type { Guard } from "./guard.ts";
import { openLink } from "./link.ts";
import type { Link, LinkOptions } from "./link.ts";
import type { Send, Wire } from "./wire.ts";

/** How a link for commands connects, and who is told of it. */
export interface CommandLinkOptions extends Omit<LinkOptions, "onConnect" | "beat" | "onUp" | "onDown"> {
  /** Whether the server may be used. Run on every new connection. */
  readonly check: (wire: Wire) => Promise<void>;
  /** Asks what a heartbeat asks, also before anybody else may use a new connection. */
  readonly beatOn: (wire: Wire, send: Send, isFirst: boolean) => Promise<unknown>;
  /** The server answers. */
  readonly onHere: () => void;
  /** It does not: no connection, or it is too slow to be asked. */
  readonly onAway: (cause: LiveError) => void;
}

/** A connection for commands, replaced when it fails, with a guard in front of it. */
export interface CommandLink extends Pick<Guard, "send" | "pass"> {
  /** Ready when the server has answered as quickly as it should. */
  readonly link: Link;
}

/** How long a command of the beginning may take at least: a process that has just started is slow itself. */
const BEGIN_WITHIN_MS = 1_000;

/** A new connection, over which nobody waits yet but its own beginning. */
function withPatience(wire: Wire, commandTimeoutMs: number): Wire {
  const limitMs = Math.max(BEGIN_WITHIN_MS, commandTimeoutMs);
  return { ...wire, send: (args, given) => wire.send(args, { limitMs, ...given }) };
}

/** Makes a link for commands. It connects in the background. */
export function openCommandLink(options: CommandLinkOptions): CommandLink {
  const { name, clock, connectTimeoutMs, check, beatOn, onAway } = options;
  const opening = defer();
  function onHere(): void {
    opening.resolve();
    options.onHere();
  }
  /** The connection now in use, or the next one while it is tried. */
  let latest: Wire | undefined;
  const beat = async (send: Send): Promise<void> => {
    if (latest) await beatOn(latest, send, false);
  };
  const link = openLink({
    ...options,
    async onConnect(wire) {
      const patient = withPatience(wire, options.commandTimeoutMs);
      await check(patient);
      const sentAtMs = clock.now();
      // Before anything that is read over this connection is believed.
      await beatOn(patient, patient.send, true);
      latest = wire;
      guard.begin(sentAtMs);
    },
    beat: (send) => beat(guard.watch(send)),
    onUp() {
      if (guard.state().state === "closed") onHere();
    },
    onDown(cause) {
      guard.reset();
      onAway(cause);
    },
  });
  const guard = createGuard({
    ...options,
    ...{ send: link.send, beat, onOpen: onAway, onClose: onHere },
    chance: () => randomInt(1_000) / 1_000,
  });

  async function ready(): Promise<void> {
    await link.ready();
    const limit = { what: `${name}: connecting`, limitMs: connectTimeoutMs };
    await withDeadline(clock, opening.promise, limit).catch((error: LiveError) =>
      guard.pass(() => Promise.reject(error)),
    );
  }

  return { link: { ...link, ready }, send: guard.send, pass: guard.pass };
}
