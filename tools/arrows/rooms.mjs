/**
 * Finds the room of a file: the row whose place is the longest match.
 * @param {readonly import("./table.mjs").Room[]} rooms
 * @returns {(path: string) => import("./table.mjs").Room | undefined}
 */
export function roomFinder(rooms) {
  const rows = rooms
    .map((room) => ({ room, pattern: placePattern(room.at) }))
    .sort((a, b) => b.room.at.length - a.room.at.length);
  return (path) => rows.find(({ pattern }) => pattern.test(path))?.room;
}

function placePattern(at) {
  const place = at.replaceAll(".", "\\.").replaceAll("*", "[^/]+");
  return new RegExp(`^${place}(/|$)`);
}
