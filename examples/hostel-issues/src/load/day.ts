import { DEMO_HOSTELS } from "../demo-people.ts";
import { DEMO_ANNOUNCEMENTS, DEMO_REPORTS } from "../demo-reports.ts";
import type { DemoReport } from "../demo-reports.ts";
import type { Chance } from "example-kit/chance";
import { ALL_HOSTELS } from "../vocabulary.ts";
import type { Status } from "../vocabulary.ts";

/** Something that somebody does. `report` numbers the reports of the day, so that later acts can refer to one. */
export type Act =
  | { readonly type: "report"; readonly report: number; readonly hostelId: string; readonly text: DemoReport }
  | { readonly type: "status"; readonly report: number; readonly hostelId: string; readonly status: Status }
  | { readonly type: "announce"; readonly hostelId: string; readonly title: string; readonly body: string };

/** An act and when it happens, in hours since midnight. */
export interface PlannedAct {
  readonly hour: number;
  readonly act: Act;
}

/** How busy each hour of a day is: people report when they get up, come home, and before they go to bed. */
const RHYTHM = [2, 1, 0, 0, 0, 1, 3, 7, 6, 4, 3, 3, 4, 4, 3, 3, 5, 7, 8, 7, 6, 5, 4, 3] as const;
const RHYTHM_TOTAL = RHYTHM.reduce<number>((sum, weight) => sum + weight, 0);
const HOSTELS = DEMO_HOSTELS.slice(0, 3);

/** Plans one day: reports, what wardens do about them, announcements, in the order of their happening. */
export function planDay(chance: Chance, reports: number): readonly PlannedAct[] {
  const acts: PlannedAct[] = [];
  for (let report = 0; report < reports; report += 1) {
    const hostelId = chance.pick(HOSTELS).id;
    const reported = hourOfDay(chance);
    const started = reported + 0.2 + chance.next() * 3;
    const resolved = started + 0.3 + chance.next() * 6;
    const become = (status: Status, hour: number): void => {
      if (hour < 24) acts.push({ hour, act: { type: "status", report, hostelId, status } });
    };
    acts.push({ hour: reported, act: { type: "report", report, hostelId, text: chance.pick(DEMO_REPORTS) } });
    become("in_progress", started);
    become("resolved", resolved);
    if (chance.next() < 0.05) become("open", resolved + 1);
  }
  for (const announcement of [...DEMO_ANNOUNCEMENTS, ...DEMO_ANNOUNCEMENTS]) {
    const hostelId = chance.next() < 0.25 ? ALL_HOSTELS : chance.pick(HOSTELS).id;
    acts.push({ hour: 7 + chance.next() * 14, act: { type: "announce", hostelId, ...announcement } });
  }
  return acts.sort((a, b) => a.hour - b.hour);
}

function hourOfDay(chance: Chance): number {
  let left = chance.next() * RHYTHM_TOTAL;
  for (const [hour, weight] of RHYTHM.entries()) {
    if (left < weight) return hour + left / weight;
    left -= weight;
  }
  return 23.99;
}
