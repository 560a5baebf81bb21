/** One option, as commander and the help take it. */
export interface OptionSpec {
  readonly flags: string;
  readonly words: string;
  readonly usual?: string;
  /** May be repeated. */
  readonly isList?: true;
}

export const JSON_OPTION: OptionSpec = { flags: "--json", words: "print one JSON document" };

const HEADER: OptionSpec = {
  flags: "--header <name:value>",
  words: "sent with every request; may be repeated, for cookies and tokens",
  isList: true,
};

/** How to get to the operations of an application. */
export const CONNECTION: readonly OptionSpec[] = [
  {
    flags: "--url <address>",
    words: "where the operations are, such as http://localhost:3000/operations (LIVECACHE_URL)",
  },
  { flags: "--token <token>", words: "sent as `Authorization: Bearer` for the guard (LIVECACHE_TOKEN)" },
  HEADER,
  { flags: "--timeout <duration>", words: "how long to wait for one answer", usual: "10s" },
  JSON_OPTION,
];

export const MONITOR_OPTIONS: readonly OptionSpec[] = [
  { flags: "--kind <kind>", words: "only lines of this kind; may be repeated", isList: true },
  { flags: "--text <text>", words: "only lines with this text in them" },
  { flags: "--every <duration>", words: "how often to ask", usual: "1s" },
  { flags: "--last <n>", words: "lines of before to begin with, 0 to 1000", usual: "10" },
  { flags: "--count <n>", words: "end after so many lines" },
];

export const DOCTOR_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--url <address>",
    words: "operations of an application (LIVECACHE_URL); repeat it for the addresses of single nodes",
    isList: true,
  },
  {
    flags: "--redis-url <url>",
    words: "a Redis to look at directly, such as redis://localhost:6379 (REDIS_URL)",
  },
  { flags: "--prefix <prefix>", words: "of keys in Redis", usual: "lc" },
  { flags: "--scan <folder>", words: "read source files for code that Livecache replaces" },
  { flags: "--origin <origin>", words: "where the pages are from, such as https://app.example.com" },
  { flags: "--page <path>", words: "a path of the application to look at for CORS and cookies", usual: "/" },
  { flags: "--socket-path <path>", words: "where Socket.IO is", usual: "/socket.io/" },
  { flags: "--strict", words: "exit with 1 for warnings as well" },
  ...CONNECTION.slice(1),
];

export const WARM_OPTIONS: readonly OptionSpec[] = [
  { flags: "--url <origin>", words: "where the application answers, such as http://localhost:3000" },
  { flags: "--paths <a,b>", words: "paths to warm, such as /api/hostels,/api/rooms", isList: true },
  {
    flags: "--list <file>",
    words: "a file with one path a line; lines with # in front are skipped; - reads standard input",
  },
  { flags: "--from-json <path>", words: "a path of the application that answers a JSON list of paths" },
  HEADER,
  { flags: "--concurrency <n>", words: "requests under way at a time, 1 to 64", usual: "4" },
  { flags: "--timeout <duration>", words: "how long to wait for one answer", usual: "30s" },
  { flags: "--every <duration>", words: "again and again, with this pause, until it is stopped" },
  { flags: "--json", words: "print each round as one line of JSON" },
];

export const INIT_OPTIONS: readonly OptionSpec[] = [
  { flags: "--app <file>", words: "the file with `express()`; found by itself where it can be" },
  { flags: "--dry-run", words: "print the difference, and change nothing" },
  { flags: "--no-install", words: "do not run the package manager" },
];
