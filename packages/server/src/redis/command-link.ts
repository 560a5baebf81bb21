import { randomInt } from "node:crypto";
import type { LiveError } from "@livecache/wire";
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
  readonly link: Link;
}

/** Makes a link for commands. It connects in the background. */
export function openCommandLink(options: CommandLinkOptions): CommandLink {
  const { check, beatOn, onHere, onAway } = options;
  /** The connection now in use, or the next one while it is tried. */
  let latest: Wire | undefined;
  const beat = async (send: Send): Promise<void> => {
    if (latest) await beatOn(latest, send, false);
  };
  const link = openLink({
    ...options,
    async onConnect(wire) {
      await check(wire);
      // Before anything that is read over this connection is believed.
      await beatOn(wire, wire.send, true);
      latest = wire;
    },
    beat: (send) => beat(guard.watch(send)),
    onUp: onHere,
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
  return { link, send: guard.send, pass: guard.pass };
}
