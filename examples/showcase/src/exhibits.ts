import type { Application } from "example-kit/application";

/** An application, and what the page says about it besides what it says of itself. */
export interface Exhibit {
  /** The application's own name: the first part of its addresses. */
  readonly name: string;
  /** What it is called while it cannot be loaded. */
  readonly title: string;
  /** Ids of two people whose windows are worth being opened side by side. */
  readonly pair: readonly [left: string, right: string];
  /** What to do in them, and what to see. */
  readonly tryThis: string;
  readonly load: () => Promise<Application>;
}

/** All applications, in the order in which the page shows them; also that of their ports. */
export const EXHIBITS: readonly Exhibit[] = [
  {
    name: "hostel",
    title: "Hostel Desk",
    pair: ["asha", "grace"],
    tryThis: "As Asha, report a leaking tap. It stands in the warden's list before you look up.",
    load: async () => (await import("hostel-issues")).application,
  },
];
