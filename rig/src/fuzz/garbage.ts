import type { SeededRandom } from "../random.ts";

const KEYS = [
  ["token", "id", "channel", "cursor", "name", "data", "auth", "clientId", "text", "state", "kind"],
  ["lat", "lng", "latitude", "longitude", "accuracy", "cell", "limit", "after", "before", "upTo", "meta"],
  [
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "then",
    "toJSON",
    "length",
  ],
  ["_placeholder", "num", "base64", "type", "nsp", "event", ""],
].flat();

const NAMES = [
  ["news", "room/7", "room/%00", "room/..%2f", "room/", "/", "region/u4pruy", "region/9999999", "user/ada"],
  [
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "abc-5",
    "abc-99999999999999999",
    "-1",
    "NaN",
    "\u0000\ud800\uffff",
  ],
].flat();

/** Any value that JSON can carry, as a broken or hostile client might send it. */
export function garbage(random: SeededRandom, depth = 0): unknown {
  const kind = random.integer(depth > 3 ? 8 : 12);
  if (kind === 0) return null;
  if (kind === 1) return random.pick([0, -0, -1, 1e308, -1e308, 0.1, 2 ** 53, random.integer(1e9)]);
  if (kind === 2) return random.next() < 0.5;
  if (kind === 3) return random.pick(NAMES);
  if (kind === 4)
    return random.pick(["", "a.b", "x".repeat(random.integer(3_000)), "💥".repeat(random.integer(100))]);
  if (kind === 5) return random.next() * 360 - 180;
  if (kind === 6) return random.pick(NAMES).slice(0, random.integer(8));
  if (kind === 7) return { _placeholder: true, num: random.pick([0, 1, -1, 99, "0", null]) };
  if (kind === 8) return Array.from({ length: random.integer(5) }, () => garbage(random, depth + 1));
  return record(random, depth);
}

function record(random: SeededRandom, depth: number): object {
  const entries = Array.from(
    { length: random.integer(5) + 1 },
    () => [random.pick(KEYS), garbage(random, depth + 1)] as const,
  );
  // Written as text, because an object literal would take __proto__ as what it inherits.
  const text = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",");
  return JSON.parse(`{${text}}`) as object;
}

/** A request that is nearly right: the fields that frames have, most of them with values that fit. */
export function nearlyRight(random: SeededRandom): unknown {
  const fits = (value: unknown): unknown => (random.next() < 0.85 ? value : garbage(random, 2));
  return {
    channel: fits(random.pick(["news", "room/7", "region/u4pruy"])),
    name: fits(random.pick(["progress", "say", "item"])),
    data: garbage(random, 1),
    cursor: random.next() < 0.2 ? fits("abc-5") : undefined,
    clientId: fits(String(random.integer(100))),
    id: fits(String(random.integer(20))),
    lat: fits(random.next() * 180 - 90),
    lng: fits(random.next() * 360 - 180),
    typing: fits(true),
    ...(random.next() < 0.2 && { [random.pick(KEYS)]: garbage(random, 2) }),
  };
}
