import { placeOf } from "./endpoint.ts";
import { replyOf } from "./failure.ts";

/** What a server of a cluster answers that is not in charge. The command had no effect. */
export interface Redirect {
  /** `moved`: the slot belongs to another server. `ask`: only this key, as long as the slot is being moved. */
  readonly kind: "moved" | "ask";
  readonly slot: number;
  /** `host:port` of the server that is meant. */
  readonly place: string;
}

const REDIRECT = /^(MOVED|ASK) (\d+) (.*):(\d+)$/;

/** Reads a redirection out of an error of ours, or of the library. A server that leaves its host out means the one `asked`. */
export function readRedirect(error: unknown, askedHost: string): Redirect | undefined {
  const [, word, slot, host = "", port] = REDIRECT.exec(replyOf(error) ?? "") ?? [];
  if (word === undefined) return undefined;
  const place = placeOf({
    host: host === "" || host === "?" ? askedHost : host.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port),
  });
  return { kind: word === "MOVED" ? "moved" : "ask", slot: Number(slot), place };
}

/** Whether a slot cannot be served now although its server is well: it is being moved, or the cluster is about to settle. */
export function isUnsettled(error: unknown): boolean {
  return /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/.test(replyOf(error) ?? "");
}
