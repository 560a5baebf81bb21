import type { Muscle } from "./vocabulary.ts";

/** An exercise that everybody can choose. `startKg` is what somebody of middling strength begins with; 0 is the own body. */
export interface DemoExercise {
  readonly id: string;
  readonly name: string;
  readonly muscle: Muscle;
  readonly equipment: string;
  readonly cue: string;
  readonly startKg: number;
}

type Row = readonly [id: string, name: string, equipment: string, startKg: number, cue: string];

const ROWS: Readonly<Record<Muscle, readonly Row[]>> = {
  chest: [
    ["bench-press", "Bench press", "Barbell", 50, "Shoulder blades together, feet in the floor."],
    ["incline-press", "Incline press", "Dumbbells", 32, "Lower to the upper chest, elbows at 45 degrees."],
    ["cable-fly", "Cable fly", "Cable", 18, "Hug a barrel; the elbows stay where they are."],
    ["push-up", "Push-up", "Body", 0, "One line from heel to head."],
    ["dip", "Dip", "Body", 0, "Lean forward; stop when the shoulders do."],
    ["chest-press", "Machine press", "Machine", 45, "Let the handles come back slowly."],
  ],
  back: [
    ["deadlift", "Deadlift", "Barbell", 80, "Push the floor away; the bar stays close."],
    ["barbell-row", "Barbell row", "Barbell", 45, "Pull to the navel, chest proud."],
    ["pull-up", "Pull-up", "Body", 0, "From a dead hang, chin over the bar."],
    ["lat-pulldown", "Lat pulldown", "Cable", 45, "Elbows to the pockets."],
    ["seated-row", "Seated row", "Cable", 42, "Squeeze for a second at the end."],
    ["back-extension", "Back extension", "Body", 0, "Hinge at the hips, not at the waist."],
  ],
  shoulders: [
    ["overhead-press", "Overhead press", "Barbell", 32, "Ribs down, head through at the top."],
    ["lateral-raise", "Lateral raise", "Dumbbells", 14, "Lead with the elbows, thumbs a little down."],
    ["arnold-press", "Arnold press", "Dumbbells", 24, "Turn the palms as you press."],
    ["face-pull", "Face pull", "Cable", 20, "Rope to the brow, elbows high."],
    ["rear-fly", "Rear fly", "Dumbbells", 12, "Long arms, slow return."],
  ],
  arms: [
    ["barbell-curl", "Barbell curl", "Barbell", 22, "Elbows at the ribs; no swing."],
    ["hammer-curl", "Hammer curl", "Dumbbells", 20, "Thumbs up all the way."],
    ["triceps-pushdown", "Triceps pushdown", "Cable", 22, "Only the forearm moves."],
    ["skull-crusher", "Skull crusher", "Barbell", 20, "Lower behind the head, elbows narrow."],
    ["close-grip-press", "Close-grip press", "Barbell", 40, "Hands at shoulder width."],
  ],
  legs: [
    ["squat", "Back squat", "Barbell", 65, "Sit between the heels, knees over the toes."],
    ["front-squat", "Front squat", "Barbell", 48, "Elbows high, back upright."],
    ["leg-press", "Leg press", "Machine", 110, "Hips stay on the pad."],
    ["romanian-deadlift", "Romanian deadlift", "Barbell", 60, "Hips back until the hamstrings speak."],
    ["walking-lunge", "Walking lunge", "Dumbbells", 24, "Long steps, the knee kisses the floor."],
    ["leg-curl", "Leg curl", "Machine", 32, "Slow on the way back."],
    ["calf-raise", "Calf raise", "Machine", 60, "Pause at the bottom and at the top."],
  ],
  core: [
    ["plank", "Plank", "Body", 0, "A repetition is ten seconds. Squeeze everything."],
    ["hanging-raise", "Hanging leg raise", "Body", 0, "Roll the pelvis up, no swing."],
    ["cable-crunch", "Cable crunch", "Cable", 28, "Round the spine, hips still."],
    ["pallof-press", "Pallof press", "Cable", 14, "Do not let it turn you."],
    ["farmer-walk", "Farmer's walk", "Dumbbells", 40, "A repetition is ten steps. Tall."],
  ],
};

/** Every exercise, by muscle. */
export const DEMO_EXERCISES: readonly DemoExercise[] = Object.entries(ROWS).flatMap(([muscle, rows]) =>
  rows.map(([id, name, equipment, startKg, cue]) => ({
    id,
    name,
    muscle: muscle as Muscle,
    equipment,
    cue,
    startKg,
  })),
);

/** What people train in one go. */
export const DEMO_PLANS: readonly { readonly title: string; readonly exercises: readonly string[] }[] = [
  {
    title: "Push day",
    exercises: ["bench-press", "overhead-press", "incline-press", "lateral-raise", "triceps-pushdown"],
  },
  { title: "Pull day", exercises: ["deadlift", "pull-up", "barbell-row", "face-pull", "barbell-curl"] },
  { title: "Leg day", exercises: ["squat", "romanian-deadlift", "leg-press", "leg-curl", "calf-raise"] },
  { title: "Full body", exercises: ["front-squat", "bench-press", "seated-row", "plank"] },
  { title: "Upper body", exercises: ["incline-press", "lat-pulldown", "arnold-press", "hammer-curl", "dip"] },
  { title: "Core and carry", exercises: ["hanging-raise", "pallof-press", "farmer-walk", "back-extension"] },
];
