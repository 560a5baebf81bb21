import { useLive } from "@livecache/client/react";
import type { PeopleAnswer } from "../../src/answers.ts";

/** Names by id, for those of whom only the id is told: who is here, who types. */
export function useNames(): (id: string) => string {
  const { data } = useLive<PeopleAnswer>("/api/people");
  const names = new Map(data?.people.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? "Somebody";
}
