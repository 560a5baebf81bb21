import type { DoctorReport, NodeFacts, NodesReport } from "@livecache/wire";
import { checkFacts } from "./check-facts.ts";
import { checkGrounds } from "./check-grounds.ts";
import { passed } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** What the operations at one address said. */
export interface Heard {
  readonly doctor: DoctorReport;
  readonly nodes: NodesReport;
  /** The same, asked again a moment later. */
  readonly later: NodesReport;
}

/** What the nodes say of themselves, held against each other. Pure. */
export function checkNodes(heard: readonly Heard[], ownVersion: string): readonly Finding[] {
  const facts = [
    ...new Map(heard.flatMap(({ doctor }) => doctor.nodes).map((one) => [one.node, one])).values(),
  ];
  return [
    silent(heard),
    apart(heard, facts),
    behind(heard),
    waiting(heard),
    ...checkGrounds(heard.flatMap(({ nodes }) => nodes.nodes)),
    ...checkFacts(facts, ownVersion),
  ];
}

function silent(heard: readonly Heard[]): Finding {
  const missing = [...new Set(heard.flatMap(({ doctor }) => doctor.missing))];
  if (missing.length === 0) return passed("node-silent");
  return {
    code: "node-silent",
    level: "problem",
    what: `${missing.join(", ")} did not answer within half a second`,
    why: "a node that hears no publish and subscribe misses typing, whispers and presence; one that was killed a moment ago is named too, for some seconds",
    fix: "run this again; if it is named again, look at its log and at its rights for `SSUBSCRIBE` and `SPUBLISH` (docs/reference/keys.md)",
  };
}

/** Nodes that do not know of each other live in different worlds. */
function apart(heard: readonly Heard[], facts: readonly NodeFacts[]): Finding {
  const worlds: Set<string>[] = [];
  for (const { doctor } of heard) {
    const names = [...doctor.nodes.map(({ node }) => node), ...doctor.missing];
    const known = worlds.find((world) => names.some((name) => world.has(name)));
    if (known) for (const name of names) known.add(name);
    else worlds.push(new Set(names));
  }
  if (worlds.length < 2) return passed("nodes-apart");
  const places = worlds.map((world) => placeOf(facts.find(({ node }) => world.has(node))));
  return {
    code: "nodes-apart",
    level: "problem",
    what: `nodes that answer here do not know of each other: ${places.join(" / ")}`,
    why: "a change on one of them leaves the others' caches and screens as they are",
    fix: "give all nodes the same REDIS_URL, `prefix` and `realm`",
  };
}

function placeOf(facts: NodeFacts | undefined): string {
  if (!facts) return "unknown";
  const { kind, settings } = facts.ground;
  if (kind === "memory") return `${facts.node} in its own memory`;
  return `${facts.node} at ${settings["address"]}, prefix ${settings["prefix"]}, database ${settings["database"]}, realm ${facts.realm}`;
}

/** A node that is still behind where the foremost was at the first look. */
function behind(heard: readonly Heard[]): Finding {
  const late = heard.flatMap(({ nodes, later }) => {
    const foremost = nodes.nodes.map(({ applied }) => placeIn(applied)).reduce(further, undefined);
    return later.nodes.filter(({ applied }) => isBehind(placeIn(applied), foremost)).map(({ node }) => node);
  });
  if (late.length === 0) return passed("node-behind");
  return {
    code: "node-behind",
    level: "problem",
    what: `${[...new Set(late)].join(", ")} has not applied what others had applied before`,
    why: "its screens show old data; it answers nothing old by itself, so it is slow as well",
    fix: "look at its processor and its connection to Redis; start it anew if it stays behind",
  };
}

type Place = { readonly epoch: string; readonly seq: number } | undefined;

function placeIn(position: string | undefined): Place {
  const [epoch, seq] = position?.split(".") ?? [];
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq: Number(seq) };
}

function further(a: Place, b: Place): Place {
  if (!a || !b) return a ?? b;
  return b.seq > a.seq ? b : a;
}

function isBehind(place: Place, foremost: Place): boolean {
  return (
    foremost !== undefined &&
    (place === undefined || (place.epoch === foremost.epoch && place.seq < foremost.seq))
  );
}

function waiting(heard: readonly Heard[]): Finding {
  const nodes = heard.flatMap(({ later }) =>
    later.nodes.filter(({ hasPending }) => hasPending).map(({ node }) => node),
  );
  if (nodes.length === 0) return passed("changes-waiting");
  return {
    code: "changes-waiting",
    level: "warning",
    what: `${[...new Set(nodes)].join(", ")} has changes that wait for the ground`,
    why: "other nodes have not heard of them yet; if the process ends first, they never do",
    fix: "bring Redis back before nodes are restarted",
  };
}
