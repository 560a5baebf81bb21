import type { Chance } from "example-kit/chance";
import type { City } from "../city/city.ts";
import { alongLine, toPlace } from "../city/geometry.ts";
import type { Place } from "../city/geometry.ts";
import type { RoadKind, Segment } from "../city/streets.ts";
import type { Shaking } from "../quality.ts";
import { vibrationFor } from "../quality.ts";
import { conditionOf } from "./condition.ts";

/** Where a ride is. */
export interface RideMoment {
  readonly place: Place;
  readonly heading: number;
  readonly speedKmh: number;
  readonly segment: Segment;
  /** What the phone feels; absent near junctions, where nobody could say which road it was. */
  readonly shaking: Shaking | undefined;
}

/** A drive through the city that never ends. */
export interface Ride {
  /** Drives on for so many seconds. */
  forward(seconds: number, nowMs: number): RideMoment;
}

const TOP_KMH: Readonly<Record<RoadKind, number>> = { ring: 66, main: 48, street: 34 };
const TURN_KMH = 22;
const BRAKE_KM = 0.05;
const NEAR_JUNCTION = 0.18;

/** Begins a drive somewhere, or on a given segment. At each junction chance decides; back goes only who cannot go on. */
export function createRide(city: City, chance: Chance, start?: Segment): Ride {
  let segment = start ?? chance.pick(city.segments.filter(({ from }) => !from.startsWith("end-")));
  let isForward = chance.next() < 0.5;
  let km = segment.km * chance.next();
  let speedKmh = TURN_KMH;

  function turn(): void {
    const junction = isForward ? segment.to : segment.from;
    const ways = city.at(junction).filter((way) => way.id !== segment.id);
    // Wide roads draw more traffic; those that leave the city draw little.
    const likely = ways.flatMap((way) =>
      Array.from({ length: way.to.startsWith("end-") ? 1 : way.kind === "street" ? 3 : 5 }, () => way),
    );
    if (likely.length > 0) segment = chance.pick(likely);
    isForward = likely.length > 0 ? segment.from === junction : !isForward;
    km = 0;
  }

  return {
    forward(seconds, nowMs) {
      const left = segment.km - km;
      const top = Math.min(left, km) < BRAKE_KM ? TURN_KMH : TOP_KMH[segment.kind];
      speedKmh += (top - speedKmh) * 0.45 + (chance.next() - 0.5) * 3;
      let drivenKm = (speedKmh / 3_600) * seconds;
      while (drivenKm > segment.km - km) {
        drivenKm -= segment.km - km;
        turn();
      }
      km += drivenKm;
      const at = alongLine(segment.line, isForward ? km : segment.km - km);
      const part = km / segment.km;
      const isClear = part > NEAR_JUNCTION && part < 1 - NEAR_JUNCTION;
      const felt = conditionOf(segment, nowMs) + (chance.next() - 0.5) * 14;
      return {
        place: toPlace(at.spot),
        heading: isForward ? at.heading : (at.heading + 180) % 360,
        speedKmh: Math.round(speedKmh * 10) / 10,
        segment,
        shaking: isClear
          ? {
              vibration: Math.round(vibrationFor(felt, speedKmh) * 100) / 100,
              speedKmh: Math.round(speedKmh),
            }
          : undefined,
      };
    },
  };
}
