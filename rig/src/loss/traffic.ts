import { defineContract } from "livecache";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;

/** What the processes of a run agree on. */
export const contract = defineContract({
  channels: { "news/:id": { events: { item: anything }, history: { events: 2_000, age: "10m" } } },
});

/** The body of an event: its name, and when it was published by the machine's clock. */
export interface Item {
  readonly id: string;
  readonly atMs: number;
}

/** The channel with a number. */
export function channelName(number: number): string {
  return `news/${number}`;
}

/** Who published the event `a-17`, and which process that was: `a` for `a` and for its successor `a2`. */
export function publisherOf(id: string): { readonly name: string; readonly place: string } {
  return { name: id.slice(0, id.lastIndexOf("-")), place: id[0]! };
}
