import type { LifeParts } from "example-kit/application";
import { liveOn } from "example-kit/life";
import type { Act } from "example-kit/life";
import type { Client, GroupSession, Sourced, Workout, WorkoutWritten } from "./answers.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { DEMO_REMARKS, DEMO_SESSIONS, demoWorkoutNow } from "./demo-workouts.ts";

const TRAINERS = DEMO_PEOPLE.filter(({ role }) => role === "trainer");
const MEMBERS = DEMO_PEOPLE.filter(({ trainerId }) => trainerId !== null);
const THANKS = ["Thank you, coach!", "Will do.", "That last set hurt.", "Next time 2.5 kg more."];
/** So many workouts of one member, and the demonstration takes the latest away before it adds another. */
const MOST_A_WEEK = 9;

const finish: Act = async ({ chance, as }) => {
  const member = chance.pick(MEMBERS);
  const visitor = await as(member);
  const response = await visitor.send("POST /api/workouts", demoWorkoutNow(chance, member));
  if (!response.ok) return undefined;
  const { workout } = (await response.json()) as WorkoutWritten;
  const records = workout.records > 0 ? ` with ${workout.records} personal records` : "";
  return `${member.name} finished "${workout.title}"${records}`;
};

/** Otherwise a demonstration that runs all day would be one of supermen. */
const tidy: Act = async ({ chance, as }) => {
  const trainer = chance.pick(TRAINERS);
  const coach = await as(trainer);
  const { data } = (await (await coach.get("/api/trainer/clients")).json()) as Sourced<Client[]>;
  const busy = data.find(({ weekWorkouts }) => weekWorkouts > MOST_A_WEEK);
  const member = DEMO_PEOPLE.find(({ id }) => id === busy?.userId);
  if (!busy?.last || !member) return undefined;
  const visitor = await as(member);
  const response = await visitor.send(`DELETE /api/workouts/${busy.last.id}`);
  return response.ok ? `${member.name} removed "${busy.last.title}"` : undefined;
};

const comment: Act = async ({ chance, as }) => {
  const member = chance.pick(MEMBERS);
  const trainer = TRAINERS.find(({ id }) => id === member.trainerId)!;
  const coach = await as(trainer);
  const list = await coach.get(`/api/members/${member.id}/workouts`);
  const { data } = (await list.json()) as Sourced<Workout[]>;
  const workout = data[0];
  if (!workout) return undefined;
  const isAnswer = workout.comments % 2 === 1;
  const author = isAnswer ? await as(member) : coach;
  const text = isAnswer ? chance.pick(THANKS) : chance.pick(DEMO_REMARKS);
  const response = await author.send(`POST /api/workouts/${workout.id}/comments`, { text });
  const name = isAnswer ? member.name : trainer.name;
  return response.ok ? `${name} wrote below "${workout.title}": ${text}` : undefined;
};

const announce: Act = async ({ chance, as }) => {
  const trainer = chance.pick(TRAINERS);
  const coach = await as(trainer);
  const { data } = (await (await coach.get("/api/group-sessions")).json()) as Sourced<GroupSession[]>;
  if (data.length > 3) {
    const response = await coach.send(`DELETE /api/group-sessions/${data.at(-1)!.id}`);
    return response.ok ? `${trainer.name} cancelled "${data.at(-1)!.title}"` : undefined;
  }
  const { title, place, note, inHours } = chance.pick(DEMO_SESSIONS);
  const startsAt = new Date(Date.now() + inHours * 3_600_000).toISOString();
  const response = await coach.send("POST /api/group-sessions", { title, place, note, startsAt });
  return response.ok ? `${trainer.name} announced "${title}" to all clients` : undefined;
};

/** Members finish workouts, trainers comment and announce, members answer. */
export function life(parts: LifeParts): Promise<void> {
  return liveOn(parts, [
    [6, finish],
    [3, tidy],
    [4, comment],
    [1, announce],
  ]);
}
