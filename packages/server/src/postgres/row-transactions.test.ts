import { expect, test } from "vitest";
import type { PoisonRecord, SourceChange } from "../ports/change-source.ts";
import { readTables } from "./row-mapping.ts";
import type { RowChange } from "./row-mapping.ts";
import type { RowMessage } from "./row-stream.ts";
import { parsePlace } from "./row-place.ts";
import { createTransactions } from "./row-transactions.ts";

const HISTORY = "1-1";

/** Reads messages after a place, and keeps what is handed over. */
function openReader(
  after: string,
  map: (row: Readonly<Record<string, unknown>>) => RowChange = ({ tag }) => [String(tag)],
) {
  const taken: SourceChange[] = [];
  const poison: PoisonRecord[] = [];
  const gaps: string[] = [];
  const confirmed: bigint[] = [];
  const transactions = createTransactions({
    sink: {
      place: async () => after,
      take: async (changes) => void taken.push(...changes),
      gap: async ({ place }) => void gaps.push(place),
      refuse: async (found) => void poison.push(found),
      tell: () => undefined,
    },
    tables: readTables({ t: map }),
    prepare: async ({ tags = [], emit = [] }) => ({
      ...{ tags, mode: "purge" },
      events: emit.map(() => ({ channel: "c", name: "e", body: "1" })),
    }),
    from: parsePlace(after)!,
    onTaken: (lsn) => void confirmed.push(lsn),
    onFailed: () => undefined,
  });
  const read = async (...messages: readonly RowMessage[]): Promise<void> => {
    for (const message of messages) await transactions.next(message);
    await transactions.settled();
  };
  const told = () => taken.map(({ place, tags }) => [place, tags.join(" ")]);
  return { transactions, read, taken, told, poison, gaps, confirmed };
}

const begin = (lsn: string): RowMessage => ({ tag: "begin", lsn });
const commit: RowMessage = { tag: "commit" };
const row = (tag: unknown, table = "public.t"): RowMessage => ({
  ...{ tag: "row", operation: "insert", table, old: undefined },
  row: { tag },
});

test("a transaction is one change at its commit, and then confirmed; what is not mapped is neither", async () => {
  const { read, told, confirmed } = openReader(`${HISTORY}@0/10`);
  await read(begin("0/20"), row("a"), row("b"), row("a"), commit);
  await read(begin("0/30"), row("x", "public.other"), commit);
  await read(begin("0/40"), row("c"), commit);
  expect(told()).toEqual([
    ["1-1@0/20", "a b"],
    ["1-1@0/40", "c"],
  ]);
  expect(confirmed).toEqual([0x20n, 0x40n]);
});

test("transactions that the log has are passed over", async () => {
  const { read, told } = openReader(`${HISTORY}@0/30`);
  await read(
    begin("0/20"),
    row("a"),
    commit,
    begin("0/30"),
    row("b"),
    commit,
    begin("0/40"),
    row("c"),
    commit,
  );
  expect(told()).toEqual([["1-1@0/40", "c"]]);
});

test("a large transaction is handed over in parts, and goes on after any of them", async () => {
  const rows = Array.from({ length: 4_500 }, (_, index) => row(`t${index}`));
  const whole = openReader(`${HISTORY}@0/10`);
  await whole.read(begin("0/20"), ...rows, commit);
  expect(whole.taken.map(({ place }) => place)).toEqual(["1-1@0/20+2000", "1-1@0/20+4000", "1-1@0/20"]);
  for (const { place } of whole.taken) {
    const again = openReader(place);
    await again.read(begin("0/20"), ...rows, commit);
    const seen = whole.taken.findIndex((change) => change.place === place) + 1;
    expect(again.taken).toEqual(whole.taken.slice(seen));
    expect(again.confirmed).toEqual(place.includes("+") ? [0x20n] : []);
  }
});

test("events are bounded too", async () => {
  const { read, taken } = openReader(`${HISTORY}@0/10`, () => ({ emit: [{} as never, {} as never] }));
  await read(begin("0/20"), ...Array.from({ length: 51 }, () => row("x")), commit);
  expect(taken.map(({ events }) => events.length)).toEqual([100, 2]);
});

test("a row of no use is refused in its place, behind what came before it; the commit follows in any case", async () => {
  const { read, told, poison, confirmed } = openReader(`${HISTORY}@0/10`, ({ tag }) => {
    if (tag === "bad") throw new Error("bad");
    return [String(tag)];
  });
  const broken: RowMessage = { tag: "broken", record: "a row", error: new Error("unreadable") };
  await read(begin("0/20"), row("a"), row("bad"), broken, commit);
  expect(told()).toEqual([
    ["1-1@0/20+1", "a"],
    ["1-1@0/20", ""],
  ]);
  expect(poison.map(({ place, record }) => [place, record])).toEqual([
    ["1-1@0/20+2", 'insert in public.t: {"tag":"bad"}'],
    ["1-1@0/20+3", "a row"],
  ]);
  expect(confirmed).toEqual([0x20n]);
});

test("a mapping that answers neither tags nor a request is refused", async () => {
  const { read, poison } = openReader(`${HISTORY}@0/10`, () => "tag" as unknown as RowChange);
  await read(begin("0/20"), row("a"), commit);
  expect(String(poison[0]!.error)).toMatch(/expected a mapping to answer a list of tags/);
});

test("a place at which nothing has happened is told only between transactions", async () => {
  const { transactions, read, told, confirmed } = openReader(`${HISTORY}@0/10`);
  expect(transactions.isIdle()).toBe(true);
  await read(begin("0/20"), row("a"));
  expect(transactions.isIdle()).toBe(false);
  await read(commit);
  await transactions.pass(0x99n);
  await transactions.settled();
  expect(told().at(-1)).toEqual(["1-1@0/99", ""]);
  expect(confirmed).toEqual([0x20n, 0x99n]);
});
