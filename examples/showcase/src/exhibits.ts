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

/**
 * The applications to show: all, or those that `APPLICATIONS` names, such as `hostel,parts`.
 *
 * @throws when it names one that there is not
 */
export function readExhibits(env: NodeJS.ProcessEnv): readonly Exhibit[] {
  const names = (env["APPLICATIONS"] ?? "").split(",").flatMap((name) => name.trim() || []);
  const unknown = names.find((name) => !EXHIBITS.some((exhibit) => exhibit.name === name));
  if (unknown !== undefined) {
    const known = EXHIBITS.map(({ name }) => name).join(", ");
    throw new Error(`APPLICATIONS: expected some of ${known}, received "${unknown}".`);
  }
  return names.length === 0 ? EXHIBITS : EXHIBITS.filter(({ name }) => names.includes(name));
}

/** All applications, in the order in which the page shows them; also that of their ports. */
const EXHIBITS: readonly Exhibit[] = [
  {
    name: "hostel",
    title: "Hostel Desk",
    pair: ["asha", "grace"],
    tryThis: "As Asha, report a leaking tap. It stands in the warden's list before you look up.",
    load: async () => (await import("hostel-issues")).application,
  },
  {
    name: "parts",
    title: "Line Check",
    pair: ["lucia", "nadia"],
    tryThis: "As Lucia, finish an audit. Nadia is notified, and her list has it before she looks.",
    load: async () => (await import("parts-inspection")).application,
  },
  {
    name: "roads",
    title: "Road Watch",
    pair: ["asha", "elena"],
    tryThis: "Let Asha drive. On Elena's map her car moves, and the roads take the colour of how they feel.",
    load: async () => (await import("road-quality")).application,
  },
  {
    name: "trainer",
    title: "Personal Trainer",
    pair: ["mia", "nora"],
    tryThis: "As Mia, log a workout. The figures on her trainer's screen run to their new values.",
    load: async () => (await import("personal-trainer")).application,
  },
  {
    name: "school",
    title: "School Day",
    pair: ["hana", "lena"],
    tryThis: "As Hana, take attendance or enter a grade. A parent's dashboard shows it at once.",
    load: async () => (await import("school")).application,
  },
];
