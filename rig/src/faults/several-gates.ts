import { openGate } from "../gate.ts";
import type { Gate } from "../gate.ts";

/** All gates between one node and the servers of a ground: what befalls one of them befalls all. */
export interface SeveralGates extends Pick<
  Gate,
  "pass" | "hang" | "hangNew" | "hangReplies" | "cut" | "delay" | "throttle" | "close"
> {
  /** Of each of them; see `Gate.dropReplies`. */
  dropReplies(after?: number): void;
  /** Where a port is reached through its gate. */
  portOf(port: number): number;
}

/** Opens a gate in front of each port. */
export async function openGates(ports: readonly number[]): Promise<SeveralGates> {
  const gates = new Map(await Promise.all(ports.map(async (port) => [port, await openGate(port)] as const)));
  const all = (act: (gate: Gate) => void): void => gates.forEach(act);
  return {
    pass: () => all((gate) => gate.pass()),
    hang: () => all((gate) => gate.hang()),
    hangNew: () => all((gate) => gate.hangNew()),
    hangReplies: () => all((gate) => gate.hangReplies()),
    cut: () => all((gate) => gate.cut()),
    delay: (ms) => all((gate) => gate.delay(ms)),
    throttle: (bytesPerSecond) => all((gate) => gate.throttle(bytesPerSecond)),
    dropReplies: (after) => all((gate) => void gate.dropReplies(after)),
    portOf: (port) => gates.get(port)!.port,
    close: async () => void (await Promise.all([...gates.values()].map((gate) => gate.close()))),
  };
}
