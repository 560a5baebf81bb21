/** A node of a call tree, as V8's profiler writes it. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[] | undefined;
}

/** The parts of a `.cpuprofile` that are used. Times are in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

/** What one function took by itself, without what it called. */
export interface SelfTime {
  readonly name: string;
  /** Share of the time in which the process was not idle. */
  readonly share: number;
}

const IDLE = new Set(["(idle)"]);

/** The functions that took the most time by themselves, and the share of the whole time in which the process was idle. */
export function selfTimes(profile: CpuProfile): {
  readonly idle: number;
  readonly functions: readonly SelfTime[];
} {
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "(unknown)";
    spent.set(name, (spent.get(name) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  const sum = (entries: readonly (readonly [string, number])[]): number =>
    entries.reduce((total, [, us]) => total + us, 0);
  const all = [...spent];
  const busy = all.filter(([name]) => !IDLE.has(name));
  const [allUs, busyUs] = [sum(all), sum(busy)];
  const ordered = busy.sort(([, one], [, other]) => other - one);
  return {
    idle: allUs === 0 ? 0 : 1 - busyUs / allUs,
    functions: ordered.map(([name, us]) => ({ name, share: us / busyUs })),
  };
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  const place = placeOf(url);
  return place === "" ? name : `${name}  ${place}:${lineNumber + 1}`;
}

/** The package and the file, wherever they are installed. */
function placeOf(url: string): string {
  if (url.startsWith("node:")) return url;
  const installed = url.lastIndexOf("/node_modules/");
  if (installed >= 0) return url.slice(installed + "/node_modules/".length);
  return /\/((?:packages\/[^/]+|bench|rig)\/dist\/.*)$/.exec(url)?.[1] ?? url.split("/").slice(-2).join("/");
}

/** The top of a profile as text. */
export function profileText(title: string, profile: CpuProfile, top = 25): string {
  const { idle, functions } = selfTimes(profile);
  const rows = functions
    .slice(0, top)
    .map(({ name, share }) => `${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
  return `${title}\nidle ${(idle * 100).toFixed(0)} % of the time; self time of the rest:\n\n${rows.join("\n")}\n`;
}
