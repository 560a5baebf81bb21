import type { ChangeTrace, Trail } from "@livecache/wire";
import { counted, lasting } from "../terminal/words.ts";

/** Something that a change has led to. */
export interface Step {
  readonly atMs: number;
  /** How long it took. */
  readonly ms: number;
  readonly node: string;
  readonly words: string;
}

/** What a change has led to on all nodes, in the order in which it began. */
export function stepsOf({ nodes }: ChangeTrace): readonly Step[] {
  return nodes.flatMap(stepsOfNode).sort((a, b) => a.atMs - b.atMs);
}

function stepsOfNode({ node, ...trail }: { readonly node: string } & Trail): Step[] {
  const { write, appliedAtMs, told, watchedAgain, firstRead } = trail;
  const step = (atMs: number, words: string, ms = 0): Step => ({ atMs, ms, node, words });
  const dropped = trail.dropped > 0 ? `, ${counted(trail.dropped, "entry", "entries")} void since` : "";
  return [
    ...(write ? [step(write.atMs, `written (${write.scope})`, write.ms)] : []),
    ...(appliedAtMs === undefined ? [] : [step(appliedAtMs, `applied${dropped}`)]),
    ...(told
      ? [
          step(
            told.atMs,
            `told ${counted(told.watchers, "screen")} of ${counted(told.queries, "live query", "live queries")}`,
          ),
        ]
      : []),
    ...trail.events.map(({ atMs, channel, name, members }) =>
      step(atMs, `${name} to ${counted(members, "member")} of ${channel}`),
    ),
    ...(firstRead
      ? [
          step(
            firstRead.atMs - firstRead.ms,
            `first fresh read of ${firstRead.key} (${firstRead.reason}, ${lasting(firstRead.ms)})`,
            firstRead.ms,
          ),
        ]
      : []),
    ...(watchedAgain
      ? [step(watchedAgain.lastAtMs, `${counted(watchedAgain.count, "screen")} came back with it`)]
      : []),
  ];
}

/** A bar from one moment to another, in a row of so many cells that stands for the whole. */
export function barOf(span: {
  readonly from: number;
  readonly to: number;
  readonly of: number;
  readonly cells: number;
}): string {
  const { from, to, of, cells } = span;
  const at = (ms: number): number => (of <= 0 ? 0 : Math.min(cells - 1, Math.floor((ms / of) * cells)));
  const start = at(from);
  return `${"·".repeat(start)}${"█".repeat(Math.max(1, at(to) - start + 1))}`.padEnd(cells, "·");
}
