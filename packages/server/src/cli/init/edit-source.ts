import { endOfStatement } from "./end-of-statement.ts";

/** A change of some lines: `remove` of them from line `at` on (counted from 0) go, and `insert` comes in their place. */
export interface LineEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

/** What is to be written by hand, because it is not clear where. */
export interface ByHand {
  readonly where: string;
  readonly lines: readonly string[];
}

/** What Livecache needs in the source of an application. */
export interface Plan {
  /** It is there already. */
  readonly isDone: boolean;
  /** From the first line to the last; they do not overlap. */
  readonly edits: readonly LineEdit[];
  readonly byHand: readonly ByHand[];
  /** Paths that are read with GET, which could be cached. */
  readonly routes: readonly string[];
}

/** How the file is written. */
interface Style {
  readonly quote: string;
  readonly end: string;
  readonly isModule: boolean;
}

const APP =
  /^([ \t]*)(?:export\s+)?(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*express\(\)\s*;?[ \t]*$/gm;
const HTTP =
  /^[ \t]*(?:export\s+)?(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)?createServer\(/gm;
const SOCKETS =
  /^[ \t]*(?:export\s+)?(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*new\s+(?:Server|SocketServer|SocketIOServer|IOServer|Io)\s*(?:<[^>]*>)?\(/gm;

/** Finds what is to be written where, in the source of an Express application. Where that is not clear it says so. Pure. */
export function planEdits(text: string): Plan {
  const style = styleOf(text);
  const routes = routesOf(text);
  if (/["'`]livecache(?:\/[\w.]+)?["'`]/.test(text)) return { isDone: true, edits: [], byHand: [], routes };
  const places = findPlaces(text);
  const lines = linesFor(places, style);
  const edits: LineEdit[] = [];
  const byHand: ByHand[] = [];
  const put = (at: number | undefined, insert: readonly string[], where: string): void => {
    if (at === undefined) byHand.push({ where, lines: insert });
    else edits.push({ at, remove: 0, insert });
  };
  put(places.imports, lines.imports, "behind the other imports");
  put(places.behindApp, lines.live, "right behind `const app = express()`, before every route");
  if (places.listen?.needsName) {
    edits.push({ at: places.listen.line, remove: 1, insert: [lines.errors, places.listen.named!] });
  } else put(places.listen?.line, [lines.errors], "behind the last route");
  put(places.behindServer, lines.sockets, "behind the server, which `app.listen()` answers");
  return { isDone: false, edits: edits.sort((a, b) => a.at - b.at), byHand, routes };
}

interface Places {
  readonly app: string;
  readonly indent: string;
  readonly server: string;
  readonly io: string | undefined;
  readonly imports: number | undefined;
  readonly behindApp: number | undefined;
  readonly behindServer: number | undefined;
  readonly listen:
    { readonly line: number; readonly needsName: boolean; readonly named?: string } | undefined;
}

function findPlaces(text: string): Places {
  const [app, ...others] = [...text.matchAll(APP)];
  const name = app?.[2] ?? "app";
  const isClear = app !== undefined && others.length === 0;
  const [http, io] = [only(text, HTTP), only(text, SOCKETS)];
  const listens = [
    ...text.matchAll(
      new RegExp(
        `^([ \\t]*)((?:const|let|var)\\s+(\\w+)\\s*=\\s*)?(?:await\\s+)?${http?.[1] ?? name}\\.listen\\(`,
        "gm",
      ),
    ),
  ];
  const listen = listens.length === 1 ? listens[0] : undefined;
  const server = http?.[1] ?? listen?.[3] ?? (/\bserver\b/.test(text) ? "liveServer" : "server");
  const needsName = listen !== undefined && http === undefined && listen[3] === undefined;
  const behind = io ?? http ?? listen;
  return {
    ...{ app: name, indent: app?.[1] ?? "", server, io: io?.[1] },
    imports: importsEnd(text),
    behindApp: isClear ? lineAt(text, app.index) + 1 : undefined,
    behindServer: behind && lineBehind(text, behind),
    listen: listen && {
      line: lineAt(text, listen.index),
      needsName,
      ...(needsName && { named: nameIt(lineOf(text, listen.index), server) }),
    },
  };
}

/** The one place where it stands; none when there are several. */
function only(text: string, pattern: RegExp): RegExpExecArray | undefined {
  const [found, ...others] = [...text.matchAll(pattern)];
  return others.length === 0 ? found : undefined;
}

function nameIt(line: string, server: string): string {
  return line.replace(/^([ \t]*)/, `$1const ${server} = `);
}

/** The line behind the statement that begins there; `undefined` when its end is not clear. */
function lineBehind(text: string, found: RegExpExecArray): number | undefined {
  const end = endOfStatement(text, found.index + found[0].length - 1);
  return end === undefined ? undefined : lineAt(text, end) + 1;
}

const IMPORT =
  /^(?:import\b[\s\S]*?["'][^"'\n]+["'];?|(?:const|let|var)\s+[^=\n]+=\s*require\([^)\n]*\)[^\n]*)[ \t]*$/gm;

function importsEnd(text: string): number | undefined {
  const last = [...text.matchAll(IMPORT)].at(-1);
  return last && lineAt(text, last.index + last[0].length) + 1;
}

function styleOf(text: string): Style {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return {
    quote: count(/'/g) > count(/"/g) ? "'" : '"',
    end: count(/;[ \t]*$/gm) > 0 ? ";" : "",
    isModule: /^\s*import\b/m.test(text) || !/\brequire\(/.test(text),
  };
}

function linesFor({ app, indent, server, io }: Places, { quote, end, isModule }: Style) {
  const from = (names: string, module: string): string =>
    isModule
      ? `import { ${names} } from ${quote}${module}${quote}${end}`
      : `const { ${names} } = require(${quote}${module}${quote})${end}`;
  const made = `new Server(${server}, { transports: [${quote}websocket${quote}], maxHttpBufferSize: 65_536 })`;
  return {
    imports: [
      from("createLive", "livecache"),
      from("cached, liveErrors, liveRoutes", "livecache/express"),
      from("attach", "livecache/socket.io"),
      ...(io === undefined ? [from("Server", "socket.io")] : []),
    ],
    live: [`${indent}const live = createLive()${end}`, `${indent}${app}.use(liveRoutes(live))${end}`],
    errors: `${indent}${app}.use(liveErrors())${end}`,
    sockets: [`${indent}attach(live, ${io ?? made})${end}`],
  };
}

function routesOf(text: string): string[] {
  const found = text.matchAll(/\b\w+\.get\(\s*["'`](\/[^"'`]*)["'`]\s*,/g);
  return [...new Set([...found].map((match) => match[1]!))];
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length - 1;
}

function lineOf(text: string, index: number): string {
  return text.split("\n")[lineAt(text, index)]!;
}

/** The text with the edits made. */
export function applyEdits(text: string, edits: readonly LineEdit[]): string {
  const lines = text.split("\n");
  for (const { at, remove, insert } of [...edits].reverse()) lines.splice(at, remove, ...insert);
  return lines.join("\n");
}
