import { request } from "node:http";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";

/** Five applications open five databases, and on a busy machine that takes its time. */
const PATIENCE_MS = 110_000;

/** Starts the built showcase, in one process or as a cluster, with these variables. */
export function startShowcase(
  main: "main" | "cluster/main",
  env: Readonly<Record<string, string>>,
): Promise<ExampleProcess> {
  return startExample(
    new URL(`../../dist/${main}.js`, import.meta.url),
    { DATA_DIR: "memory://", ...env },
    PATIENCE_MS,
  );
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface PlainRequest {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks under any host name, as a browser does that finds it. */
export function ask(
  url: string,
  { method = "GET", path, host, headers, body }: PlainRequest,
): Promise<PlainAnswer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: "127.0.0.1", port, method, path },
        headers: {
          host: `${host ?? "localhost"}:${port}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      },
    );
    asking.on("error", reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Throws a switch of the page. */
export async function throwSwitch(url: string, path: string, body: unknown): Promise<void> {
  const { status, text } = await ask(url, { method: "POST", path, body });
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
}
