import { LiveError } from "@livecache/wire";
import type { LiveClient } from "./client.ts";
import { messageId } from "./message-id.ts";

/** What an upload may be given. */
export interface UploadOptions {
  /** Default: `POST`. */
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly signal?: AbortSignal;
  /** The server tells the members of the room under this id how far the upload is. Default: random. */
  readonly id?: string;
  /** Called with the bytes sent so far and, where it is known, how many there are. In programs it is not called. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
}

/**
 * Sends a body, such as a `FormData` with files, and tells how far it is. Resolves with the response, whatever its status. Rejects as
 * `client.fetch` does; with an `AbortError` when it is aborted.
 */
export function upload(
  client: Pick<LiveClient, "fetch">,
  path: string,
  { body, ...options }: UploadOptions & { readonly body: FormData | Blob | string },
): Promise<Response> {
  const { method = "POST", id = messageId(), signal, onProgress } = options;
  const headers = new Headers(options.headers);
  headers.set("Upload-Id", id);
  const init = { method, headers, body, ...(signal && { signal }) };
  if (typeof XMLHttpRequest === "undefined") return client.fetch(path, init);
  return client.fetch(path, init, (url, given) => sendWithProgress(String(url), given!, onProgress));
}

/** `fetch` tells nothing of what has been sent; this older way does. */
function sendWithProgress(
  url: string,
  { method, headers, body, signal, credentials }: RequestInit,
  onProgress: UploadOptions["onProgress"],
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open(method!, url);
    request.responseType = "blob";
    request.withCredentials = credentials === "include";
    new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) =>
      onProgress?.(loaded, lengthComputable ? total : undefined),
    );
    request.addEventListener("load", () => resolve(toResponse(request)));
    request.addEventListener("error", () => {
      reject(new LiveError("LIVE_REQUEST_FAILED", `${method} ${url} failed.`));
    });
    request.addEventListener("abort", () => reject(signal!.reason as Error));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", abort);
    request.send(body as XMLHttpRequestBodyInit);
  });
}

function toResponse(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  const { status, statusText } = request;
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : (request.response as Blob), { status, statusText, headers });
}
