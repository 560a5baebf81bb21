import type { Action, Muscle, Role, Unit } from "../../src/vocabulary.ts";

/** How the fixed words and the figures of the application read on a page. */

export const MUSCLE_WORDS: Readonly<Record<Muscle, string>> = {
  chest: "Chest",
  back: "Back",
  shoulders: "Shoulders",
  arms: "Arms",
  legs: "Legs",
  core: "Core",
};

export const ROLE_WORDS: Readonly<Record<Role, string>> = { member: "Member", trainer: "Trainer" };

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  created: "finished",
  updated: "corrected",
  deleted: "removed",
};

const LB_IN_KG = 0.453_592_37;
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const half = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

/** Kilograms in the reader's unit. */
export function inUnit(kg: number, unit: Unit): number {
  return unit === "kg" ? kg : kg / LB_IN_KG;
}

/** What the reader wrote, in kilograms. */
export function toKg(value: number, unit: Unit): number {
  return unit === "kg" ? value : Math.round(value * LB_IN_KG * 100) / 100;
}

/** "62.5 kg"; nothing to lift is the own body. */
export function weightWords(kg: number, unit: Unit): string {
  return kg === 0 ? "body" : `${half.format(inUnit(kg, unit))} ${unit}`;
}

/** "12,400 kg" */
export function volumeWords(kg: number, unit: Unit): string {
  return `${whole.format(inUnit(kg, unit))} ${unit}`;
}

/** "12.4 t" where there is little room, or thousands of pounds. */
export function shortVolume(kg: number, unit: Unit): string {
  const value = inUnit(kg, unit);
  if (value < 1_000) return whole.format(value);
  return `${half.format(value / 1_000)}${unit === "kg" ? " t" : "k"}`;
}

/** "45 min", "1 h 05 min" */
export function minutesWords(minutes: number): string {
  const rounded = Math.round(minutes);
  if (rounded < 60) return `${rounded} min`;
  return `${Math.floor(rounded / 60)} h ${String(rounded % 60).padStart(2, "0")} min`;
}

const moment = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** "Sat, 21 Nov, 18:30" in the reader's time zone. */
export function momentWords(at: string): string {
  return moment.format(new Date(at));
}

/** "3 µs", "0.4 ms", "12 ms" */
export function msWords(ms: number): string {
  if (ms < 0.1) return `${whole.format(ms * 1_000)} µs`;
  return `${ms < 10 ? half.format(ms) : whole.format(ms)} ms`;
}

/** "5,600" */
export function countWords(value: number): string {
  return whole.format(value);
}

/** "3.2 kB" */
export function bytesWords(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${half.format(bytes / 1_000)} kB`;
}
