import type { LifeParts } from "example-kit/application";
import { liveOn } from "example-kit/life";
import type { Act } from "example-kit/life";
import type { IssuesAnswer, IssueWritten } from "./answers.ts";
import { DEMO_HOSTELS, DEMO_PEOPLE } from "./demo-people.ts";
import { DEMO_ANNOUNCEMENTS, DEMO_REPORTS } from "./demo-reports.ts";

const STUDENTS = DEMO_PEOPLE.filter(({ role }) => role === "student");
const WARDENS = DEMO_PEOPLE.filter(({ role }) => role === "warden");

const report: Act = async ({ chance, as }) => {
  const student = chance.pick(STUDENTS);
  const text = chance.pick(DEMO_REPORTS);
  const visitor = await as(student);
  const response = await visitor.send("POST /api/issues", { ...text, hostelId: student.hostelId });
  return response.ok ? `${student.name} reported "${text.title}"` : undefined;
};

const mend: Act = async ({ chance, as }) => {
  const warden = chance.pick(WARDENS);
  const visitor = await as(warden);
  const list = await visitor.get(`/api/hostels/${warden.hostelId}/issues?limit=50`);
  const { issues } = (await list.json()) as IssuesAnswer;
  const open = issues.filter(({ status }) => status !== "resolved");
  if (open.length === 0) return undefined;
  const issue = chance.pick(open);
  const status = issue.status === "open" ? "in_progress" : "resolved";
  const response = await visitor.send(`PATCH /api/issues/${issue.id}/status`, { status });
  if (!response.ok) return undefined;
  const { issue: now } = (await response.json()) as IssueWritten;
  return `${warden.name} ${status === "resolved" ? "resolved" : "began with"} "${now.title}"`;
};

const announce: Act = async ({ chance, as }) => {
  const warden = chance.pick(WARDENS);
  const text = chance.pick(DEMO_ANNOUNCEMENTS);
  const visitor = await as(warden);
  const response = await visitor.send(`POST /api/hostels/${warden.hostelId}/announcements`, text);
  const hostel = DEMO_HOSTELS.find(({ id }) => id === warden.hostelId)?.name;
  return response.ok ? `${warden.name} announced "${text.title}" in ${hostel}` : undefined;
};

/** Students report, wardens mend and announce. */
export function life(parts: LifeParts): Promise<void> {
  return liveOn(parts, [
    [5, report],
    [8, mend],
    [1, announce],
  ]);
}
