/** The fixed words of the application, shared by the database, the API and the web pages. */

export const ROLES = ["member", "trainer"] as const;
export type Role = (typeof ROLES)[number];

export const MUSCLES = ["chest", "back", "shoulders", "arms", "legs", "core"] as const;
export type Muscle = (typeof MUSCLES)[number];

/** What weights are shown in. The database keeps kilograms. */
export const UNITS = ["kg", "lb"] as const;
export type Unit = (typeof UNITS)[number];

/** What a goal counts: workouts of a week, kilograms moved in a week, or the heaviest weight of one exercise. */
export const GOAL_KINDS = ["weekly_workouts", "weekly_volume", "lift"] as const;
export type GoalKind = (typeof GOAL_KINDS)[number];

/** What happened to a workout. */
export const ACTIONS = ["created", "updated", "deleted"] as const;
export type Action = (typeof ACTIONS)[number];

/** How many weeks the pages look back on, this one included. */
export const WEEKS = 8;
