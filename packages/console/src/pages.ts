import { readFile, readdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { securityHeaders } from "./security-headers.ts";

/** The built pages. */
export interface Pages {
  /** Answers with the file of a path; for the console itself, with the page. */
  send(req: IncomingMessage, res: ServerResponse, path: string): void;
}

/** A file, ready to be sent. */
interface Page {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  /** Its name changes with its content. */
  readonly isForever: boolean;
}

const FOLDER = new URL("../dist-web/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Opens the pages; they are read when they are first asked for, and kept. */
export function openPages(title: string): Pages {
  let loading: Promise<ReadonlyMap<string, Page>> | undefined;

  async function send(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    loading ??= load(title);
    const files = await loading.catch(() => {
      loading = undefined;
      return new Map<string, Page>();
    });
    const page = files.get(path === "/" ? "/index.html" : path);
    if (!page) return missing(res, files.size === 0);
    const isGzipped = /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""));
    const body = isGzipped ? page.gzipped : page.bytes;
    res.writeHead(200, {
      ...securityHeaders,
      "content-type": page.type,
      "content-length": body.length,
      "cache-control": page.isForever ? "private, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
      ...(isGzipped && { "content-encoding": "gzip" }),
    });
    res.end(req.method === "HEAD" ? undefined : body);
  }

  return { send: (req, res, path) => void send(req, res, path) };
}

async function load(title: string): Promise<ReadonlyMap<string, Page>> {
  const names = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = new Map<string, Page>();
  for (const entry of names) {
    const type = TYPES[entry.name.slice(entry.name.lastIndexOf(".") + 1)];
    if (!entry.isFile() || type === undefined) continue;
    const isAsset = entry.parentPath.replace(/[/\\]$/, "").endsWith("assets");
    const path = isAsset ? `/assets/${entry.name}` : `/${entry.name}`;
    const read = await readFile(new URL(path.slice(1), FOLDER));
    const bytes = entry.name === "index.html" ? entitled(read, title) : read;
    files.set(path, { type, bytes, gzipped: gzipSync(bytes, { level: 9 }), isForever: isAsset });
  }
  return files;
}

function entitled(html: Buffer, title: string): Buffer {
  return Buffer.from(html.toString("utf8").replace(/<title>.*<\/title>/, `<title>${escaped(title)}</title>`));
}

/** Makes a text safe to stand in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

function missing(res: ServerResponse, isUnbuilt: boolean): void {
  const words = isUnbuilt
    ? "The pages of the console are not built: npm run build:web -w @livecache/console"
    : "There is no such file.";
  res.writeHead(isUnbuilt ? 500 : 404, { ...securityHeaders, "content-type": "text/plain; charset=utf-8" });
  res.end(words);
}
