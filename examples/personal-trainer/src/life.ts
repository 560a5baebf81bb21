import { setTimeout } from "node:timers/promises";
import { createLiveClient, presenceIn } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import type { LifeParts } from "example-kit/application";
import { liveOn } from "example-kit/life";
import type { Act } from "example-kit/life";
import type { Visitor } from "example-kit/visitor";
import type { Client, GroupSession, Sourced, Workout, WorkoutWritten } from "./answers.ts";
import type { TrainerContract } from "./contract.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import type { DemoPerson } from "./demo-people.ts";
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
  const { records: count } = workout;
  const records =
    count === 0 ? "" : count === 1 ? " with a personal record" : ` with ${count} personal records`;
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

/** How long somebody writes at a comment, for everybody to see. */
const WRITES_MS = 1_500;

function commentBy(gym: Gym): Act {
  return async ({ chance, as }) => {
    const member = chance.pick(MEMBERS);
    const trainer = TRAINERS.find(({ id }) => id === member.trainerId)!;
    const coach = await as(trainer);
    const list = await coach.get(`/api/members/${member.id}/workouts`);
    const { data } = (await list.json()) as Sourced<Workout[]>;
    const workout = data[0];
    if (!workout) return undefined;
    const isAnswer = workout.comments % 2 === 1;
    const author = isAnswer ? member : trainer;
    const text = isAnswer ? chance.pick(THANKS) : chance.pick(DEMO_REMARKS);
    const visitor = isAnswer ? await as(member) : coach;
    await gym.write({ visitor, person: author, memberId: member.id, workoutId: workout.id });
    const response = await visitor.send(`POST /api/workouts/${workout.id}/comments`, { text });
    return response.ok ? `${author.name} wrote below "${workout.title}": ${text}` : undefined;
  };
}

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

interface Writing {
  readonly visitor: Visitor;
  readonly person: DemoPerson;
  readonly memberId: string;
  readonly workoutId: number;
}

/** Those who have the application open. */
interface Gym {
  /** Is seen with the group, looks at a workout, and types for a while. */
  write(writing: Writing): Promise<void>;
  close(): void;
}

function openGym({ url, signal }: LifeParts): Gym {
  const clients = new Map<string, LiveClient<TrainerContract>>();
  function clientOf({ visitor, person: { id, trainerId } }: Writing): LiveClient<TrainerContract> {
    const known = clients.get(id);
    if (known) return known;
    const client = createLiveClient<TrainerContract>({ url, headers: () => ({ cookie: visitor.cookie }) });
    client.channel("group/:trainerId", { trainerId: trainerId ?? id });
    clients.set(id, client);
    return client;
  }
  return {
    async write(writing) {
      const { memberId, workoutId } = writing;
      const client = clientOf(writing);
      const channel = `progress/${memberId}`;
      const presence = presenceIn(client, channel);
      presence.set({ meta: { workoutId } });
      const leave = presence.subscribe(() => undefined);
      const room = client.channel("progress/:userId", { userId: memberId });
      room.typing();
      await setTimeout(WRITES_MS, undefined, { signal }).catch(() => undefined);
      room.typing(false);
      room.close();
      leave();
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

/** Members finish workouts, trainers comment and announce, members answer: over HTTP, and on sockets where others see them. */
export async function life(parts: LifeParts): Promise<void> {
  const gym = openGym(parts);
  await liveOn(parts, [
    [6, finish],
    [3, tidy],
    [4, commentBy(gym)],
    [1, announce],
  ]);
  gym.close();
}
