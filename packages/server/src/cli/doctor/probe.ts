import { request as requestHttp } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { request as requestHttps } from "node:https";
import type { Clock } from "../../base/clock.ts";

/** What a server answered to one request over a connection of its own. */
export interface Probed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most the first 64 KiB. */
  readonly text: string;
}

/** How a server is asked. */
export interface Probe {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What probes need. */
export interface ProbeParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const MOST_TEXT = 64 * 1024;

/** Asks over a new connection, so that a balancer chooses anew; follows nothing. Resolves with `undefined` when there is no answer in time. */
export function probe(
  { url, method = "GET", headers = {}, body }: Probe,
  parts: ProbeParts,
): Promise<Probed | undefined> {
  const { clock, signal, timeoutMs } = parts;
  return new Promise((resolve) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, { method, headers, agent: false, signal });
    const end = (answer: Probed | undefined): void => {
      cancel();
      resolve(answer);
      request.destroy();
    };
    const cancel = clock.after(timeoutMs, () => end(undefined));
    request.on("error", () => end(undefined));
    request.on("upgrade", ({ statusCode = 0, headers: got }) =>
      end({ status: statusCode, headers: got, text: "" }),
    );
    request.on("response", (response) => {
      let text = "";
      const done = (): void => end({ status: response.statusCode ?? 0, headers: response.headers, text });
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MOST_TEXT) done();
      });
      response.on("end", done).on("error", () => end(undefined));
    });
    request.end(body);
  });
}

/** Headers of a WebSocket handshake; the key need not be secret. */
export const UPGRADE: Readonly<Record<string, string>> = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "bGl2ZWNhY2hlLWRvY3Rvcg==",
};
