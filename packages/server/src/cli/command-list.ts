import type { RunCommand } from "./cli-parts.ts";
import {
  CONNECTION,
  DOCTOR_OPTIONS,
  INIT_OPTIONS,
  JSON_OPTION,
  MONITOR_OPTIONS,
  WARM_OPTIONS,
} from "./option-list.ts";
import type { OptionSpec } from "./option-list.ts";

/** One command, as far as its help goes. What it does is loaded when it is run. */
export interface CommandSpec {
  readonly name: string;
  /** As help writes it: `<needed>`, `[optional]`, `[rest...]`. */
  readonly usage: string;
  readonly summary: string;
  /** What help says besides. */
  readonly more?: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

const REASON: OptionSpec = {
  flags: "--reason <text>",
  words: "why, 3 to 200 characters; stands in the audit",
};
const YES: OptionSpec = { flags: "--yes", words: "do not ask" };
const limit = (usual: number): OptionSpec => ({
  flags: "--limit <n>",
  words: "most to list, 1 to 1000",
  usual: String(usual),
});

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "doctor",
    usage: "",
    summary: "look for what is wrong with an application, its Redis and its code, and say how to mend it",
    more: "Exits with 1 when it finds a problem; with --strict also for a warning. Nothing is changed.",
    options: DOCTOR_OPTIONS,
    examples: [
      "livecache doctor --url https://app.example.com/operations --origin https://app.example.com",
      "livecache doctor --redis-url redis://localhost:6379",
      "livecache doctor --scan src",
    ],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "status",
    usage: "",
    summary: "every node in one table, and whether all is well",
    options: CONNECTION,
    examples: [
      "livecache status --url http://localhost:3000/operations",
      "livecache status --json | jq .nodes[].node",
    ],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "keys",
    usage: "[pattern]",
    summary: "stored keys",
    options: [limit(100), ...CONNECTION],
    examples: ["livecache keys 'user:42:*'"],
    load: () => import("./commands/keys.ts"),
  },
  {
    name: "why",
    usage: "<key>",
    summary: "what stands under a key on every node, and why it was answered as it was",
    options: CONNECTION,
    examples: ["livecache why user:42:profile"],
    load: () => import("./commands/why.ts"),
  },
  {
    name: "trace",
    usage: "[changeId]",
    summary: "what became of a change, from the write to the screens; without an id, the last changes",
    options: [limit(20), ...CONNECTION],
    examples: ["livecache trace", "livecache trace 8f3kq0s1yw2m"],
    load: () => import("./commands/trace.ts"),
  },
  {
    name: "change",
    usage: "",
    summary: "say that something is no longer true: caches forget it, screens reload it",
    options: [
      { flags: "--tag <tag>", words: "a tag that moves; may be repeated", isList: true },
      { flags: "--dry-run", words: "show what it would do, and do nothing" },
      REASON,
      ...CONNECTION,
    ],
    examples: [
      "livecache change --tag hostel:7 --dry-run",
      'livecache change --tag hostel:7 --reason "prices were imported by hand"',
    ],
    load: () => import("./commands/change.ts"),
  },
  {
    name: "monitor",
    usage: "",
    summary: "what happens on the nodes, as it happens, until it is stopped",
    options: [...MONITOR_OPTIONS, ...CONNECTION],
    examples: ["livecache monitor --kind change", "livecache monitor --text hostel:7 --json > lines.jsonl"],
    load: () => import("./commands/monitor.ts"),
  },
  {
    name: "sessions",
    usage: "<userId>",
    summary: "where somebody is signed in and connected",
    options: CONNECTION,
    examples: ["livecache sessions 42"],
    load: () => import("./commands/sessions.ts"),
  },
  {
    name: "revoke",
    usage: "<kind> <what>",
    summary:
      "end what lets somebody in: `token <token>`, `user <id>` (signs out everywhere) or `session <digest>`",
    more: "A token of - is read from standard input, so that it does not stand in the list of processes.",
    options: [
      {
        flags: "--expires <date>",
        words: "of a token: when it expires by itself, such as 2030-01-31T12:00:00Z",
      },
      { flags: "--of <userId>", words: "of a session: whose it is" },
      REASON,
      YES,
      ...CONNECTION,
    ],
    examples: [
      'livecache revoke user 42 --reason "laptop stolen"',
      'livecache revoke session 3q2-7wSfGdP1x0aB --of 42 --reason "unknown device" --yes',
      'pass show leaked | livecache revoke token - --expires 2030-01-31T12:00:00Z --reason "leaked" --yes',
    ],
    load: () => import("./commands/revoke.ts"),
  },
  {
    name: "disconnect",
    usage: "<kind> <id>",
    summary: "end sockets: `user <id>` or `socket <id>`; their clients connect again",
    options: [REASON, YES, ...CONNECTION],
    examples: ['livecache disconnect user 42 --reason "new rights" --yes'],
    load: () => import("./commands/disconnect.ts"),
  },
  {
    name: "warm",
    usage: "[paths...]",
    summary: "GET pages of a running application, so that its cache holds them",
    more: "Durations: 500ms, 30s, 5m, 1h, or short (1 min), medium (5 min), long (15 min), veryLong (1 h).",
    options: WARM_OPTIONS,
    examples: [
      "livecache warm --url http://localhost:3000 /api/hostels /api/rooms",
      "livecache warm --url http://localhost:3000 --list paths.txt --every 5m",
    ],
    load: () => import("./commands/warm.ts"),
  },
  {
    name: "init",
    usage: "[folder]",
    summary: "add Livecache to an Express application",
    more: "Where it is not sure it changes nothing and prints what to write where. It may be run again at any time.",
    options: [...INIT_OPTIONS, JSON_OPTION],
    examples: ["livecache init --dry-run", "livecache init --app src/server.js"],
    load: () => import("./commands/init.ts"),
  },
];
