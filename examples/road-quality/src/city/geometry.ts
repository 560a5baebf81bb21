/** A place on the city's plan, in kilometres east and north of its centre. */
export type Spot = readonly [east: number, north: number];

/** A place on earth, in degrees. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where the plan lies on earth. */
const CENTRE: Place = { latitude: 28.7037, longitude: 77.2079 };
const KM_PER_DEGREE = 111.32;
const KM_PER_DEGREE_EAST = KM_PER_DEGREE * Math.cos((CENTRE.latitude * Math.PI) / 180);

/** Where a spot of the plan is on earth. */
export function toPlace([east, north]: Spot): Place {
  return {
    latitude: CENTRE.latitude + north / KM_PER_DEGREE,
    longitude: CENTRE.longitude + east / KM_PER_DEGREE_EAST,
  };
}

/** Where a place on earth is on the plan. */
export function toSpot({ latitude, longitude }: Place): Spot {
  return [(longitude - CENTRE.longitude) * KM_PER_DEGREE_EAST, (latitude - CENTRE.latitude) * KM_PER_DEGREE];
}

/** Kilometres between two spots. */
function distance(a: Spot, b: Spot): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** The spot that lies this part of the way from one to another. */
function between(a: Spot, b: Spot, part: number): Spot {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
}

/** The length of a line in kilometres. */
export function lengthOf(line: readonly Spot[]): number {
  return line.slice(1).reduce((sum, spot, index) => sum + distance(line[index]!, spot), 0);
}

/** A spot on a line, and the way the line runs there, in degrees clockwise from north. */
export interface Standing {
  readonly spot: Spot;
  readonly heading: number;
}

/** Where one is after so many kilometres along a line; its end for more than it has. */
export function alongLine(line: readonly Spot[], km: number): Standing {
  let left = Math.max(0, km);
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1]!, line[index]!];
    const length = distance(from, to);
    if (left <= length || index === line.length - 1) {
      const spot = between(from, to, length === 0 ? 1 : Math.min(1, left / length));
      return { spot, heading: headingOf(from, to) };
    }
    left -= length;
  }
  return { spot: line[0]!, heading: 0 };
}

function headingOf(from: Spot, to: Spot): number {
  return ((Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI + 360) % 360;
}

/** Kilometres from a spot to the nearest point of a line. */
export function distanceToLine(spot: Spot, line: readonly Spot[]): number {
  let nearest = Infinity;
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1]!, line[index]!];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const square = dx * dx + dy * dy || 1;
    const part = ((spot[0] - from[0]) * dx + (spot[1] - from[1]) * dy) / square;
    nearest = Math.min(nearest, distance(spot, between(from, to, Math.min(1, Math.max(0, part)))));
  }
  return nearest;
}
