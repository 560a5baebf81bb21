import type { SessionRecord } from "../checkers/sessions.ts";
import type { LoadParts } from "./load-parts.ts";
import type { Place } from "./site.ts";

/** Sessions that are begun, read and ended. */
export interface SessionLoad {
  act(place: Place): Promise<void>;
}

/** How many sessions there are at a time; a user may have 100. */
const MOST = 60;

/** Makes it. */
export function createSessionLoad({ histories, random, asker, note }: LoadParts): SessionLoad {
  const ids: string[] = [];
  const past: string[] = [];
  let count = 0;

  async function call(place: Place, id: string, what: SessionRecord["call"]): Promise<void> {
    const method = { create: "POST", end: "DELETE", read: "GET" }[what];
    const answer = await asker.ask(place, `${method} /sessions/${id}`);
    const { callMs, returnMs } = answer;
    const said = note(`session ${what}`, place, answer);
    const node = said ? answer.node : place.name;
    let outcome: SessionRecord["outcome"] = said ? "refused" : "unknown";
    if (said && answer.status === 200) {
      const isMade = what !== "create" || answer.body["state"] === "created";
      outcome = what === "read" ? (answer.body["outcome"] as "there") : isMade ? "done" : "refused";
    }
    // A creation that was not answered in time may have happened.
    if (what === "create" && outcome === "refused") outcome = "unknown";
    histories.sessions.push({ id, node, call: what, callMs, returnMs, outcome });
  }

  return {
    act(place) {
      const drawn = random.integer(10);
      if (ids.length === 0 || (drawn === 0 && ids.length < MOST)) {
        const id = `s${++count}`;
        return call(place, id, "create").finally(() => ids.push(id));
      }
      if (drawn === 1 || ids.length >= MOST) {
        const [id] = ids.splice(random.integer(ids.length), 1);
        past.push(id!);
        return call(place, id!, "end");
      }
      const recent = past.slice(-20);
      return call(place, random.pick(drawn < 4 && recent.length > 0 ? recent : ids), "read");
    },
  };
}
