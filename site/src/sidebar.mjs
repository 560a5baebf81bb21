import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The pages that the site is made of. */
export const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

/** The parts of the site in the order in which somebody meets them, and the order of pages in each. Pages that are not named come last. */
const PARTS = [
  { folder: "tutorial", text: "Tutorial", groups: [{ text: "", pages: [] }] },
  {
    folder: "how-to",
    text: "How to",
    groups: [
      {
        text: "Move to Livecache",
        pages: [
          "from-by-hand",
          "from-connect-redis",
          "from-cache-manager",
          "from-bentocache",
          "from-socket-io-rooms",
        ],
      },
      { text: "Cache", pages: ["keys", "warming", "fast-lane", "fastify", "hono"] },
      { text: "Changes", pages: ["outbox", "row-changes", "mongodb"] },
      {
        text: "Screens and people",
        pages: ["messages", "notifications", "announcements", "typing", "uploads"],
      },
      { text: "Who may", pages: ["sessions", "tokens", "rate-limits"] },
      { text: "Operate", pages: ["redis", "deployment", "monitoring", "console"] },
      { text: "Try to break it", pages: ["faults", "simulation"] },
    ],
  },
  {
    folder: "concepts",
    text: "Concepts",
    groups: [
      { text: "Truth", pages: ["tags-and-positions", "change", "freshness", "why", "trace"] },
      { text: "Screens", pages: ["live-queries", "channels", "presence", "regions"] },
      { text: "Safety", pages: ["sessions", "revocation", "outages", "by-hand"] },
    ],
  },
  {
    folder: "reference",
    text: "Reference",
    groups: [
      {
        text: "",
        pages: [
          "client",
          "http",
          "sockets",
          "wire-protocol",
          "errors",
          "identity",
          "sessions",
          "limits",
          "cli",
          "operations",
          "keys",
        ],
      },
    ],
  },
  { folder: "reference/api", text: "Every name", groups: [{ text: "", pages: ["index"] }] },
  {
    folder: "failures",
    text: "Failure book",
    groups: [
      {
        text: "",
        pages: [
          "index",
          "redis-down",
          "redis-frozen",
          "redis-evicts",
          "redis-lost-data",
          "failover",
          "slow-node",
          "stampede",
        ],
      },
    ],
  },
  { folder: "decisions", text: "Decisions", groups: [{ text: "", pages: ["index"] }] },
];

/** Every page of a part with its title, in order, by group. */
function readParts() {
  return PARTS.filter(({ folder }) => existsSync(join(DOCS, folder))).map(({ folder, text, groups }) => {
    let left = readdirSync(join(DOCS, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => name.slice(0, -3))
      .sort();
    const filled = groups.map((group) => {
      const found = group.pages.filter((wanted) => left.includes(wanted));
      left = left.filter((name) => !found.includes(name));
      return { text: group.text, pages: found };
    });
    if (left.length > 0 && filled.length === 1) filled[0].pages.push(...left);
    else if (left.length > 0) filled.push({ text: "More", pages: left });
    const shown = filled
      .filter(({ pages }) => pages.length > 0)
      .map((group) => ({ text: group.text, pages: group.pages.map((name) => readPage(folder, name)) }));
    return { folder, text, groups: shown };
  });
}

function readPage(folder, name) {
  const text = readFileSync(join(DOCS, folder, `${name}.md`), "utf8");
  const [, title = name] = /^# (.+)$/m.exec(text) ?? [];
  return { path: `${folder}/${name}`, title: title.replaceAll("`", ""), text };
}

/** The sidebar: every part, with its groups; only the part that is read is open. */
export function sidebar() {
  const parts = readParts().map(({ folder, text, groups }) => {
    const named = groups.map((group) => ({
      text: group.text,
      items: group.pages.map(({ path, title }) => ({ text: shortened(title), link: linkTo(path) })),
    }));
    const items = named.length === 1 ? named[0].items : named;
    return { text, collapsed: folder !== "tutorial", items };
  });
  return [...parts, { text: "Benchmarks", link: "/benchmarks" }];
}

/** An index stands for its folder. */
function linkTo(path) {
  return `/${path.replace(/(^|\/)index$/, "$1")}`;
}

/** What stands behind a colon is for the page itself. */
function shortened(title) {
  return title.length > 34 ? title.replace(/:.*$/, "") : title;
}
