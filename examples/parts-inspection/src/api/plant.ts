import { Router } from "express";
import { Problem } from "example-kit/problem";
import { cached, guard } from "livecache/express";
import { z } from "zod";
import type { Database } from "../database/database.ts";
import type { PartsLive } from "../live.ts";
import { listPeople } from "../store/people.ts";
import { addPlace, changePlace, listPlaces } from "../store/plant.ts";
import type { PlaceFields } from "../store/plant.ts";
import { MOST_QUESTIONS, PLACES } from "../vocabulary.ts";
import type { PlaceKind } from "../vocabulary.ts";
import { idSchema, pathId, wrongField } from "./input.ts";

const name = z.string().trim().min(2, "Please give it a name.").max(60);
const question = z.string().trim().min(3, "Please write the question out.").max(120);
const FIELDS = {
  lines: z.object({ name }),
  machines: z.object({
    name,
    lineId: idSchema,
    processIds: z.array(idSchema).min(1, "Please say what it does.").max(20),
  }),
  processes: z.object({
    name,
    questions: z.array(question).min(1, "A checklist needs a question.").max(MOST_QUESTIONS),
  }),
} as const;
const retired = z.boolean();

/** Lines, machines and processes, and who works there: read by everybody, changed by administrators. */
export function plantRoutes({ db, live }: { db: Database; live: PartsLive }): Router {
  const router = Router();
  const onlyAdmins = guard(live, { roles: ["admin"] });

  router.get("/people", cached(live, { ttl: "veryLong", vary: ["role"] }), async (_request, response) => {
    response.json({ people: await listPeople(db) });
  });

  for (const kind of PLACES) {
    router.get(
      `/${kind}`,
      cached(live, { ttl: "long", tags: [kind], vary: ["role"] }),
      async (_request, response) => {
        response.json({ [kind]: await listPlaces(db, kind) });
      },
    );
    router.post(`/${kind}`, onlyAdmins, async (request, response) => {
      const fields: PlaceFields = FIELDS[kind].parse(request.body);
      await checkReferences(db, fields);
      const place = await addPlace(db, kind, fields);
      if (!place) throw wrongField("name", `"${fields.name}" exists already.`);
      await live.change({ tags: [kind] });
      response.status(201).json({ message: "Added", place });
    });
    router.patch(`/${kind}/:id`, onlyAdmins, async (request, response) => {
      const id = pathId(request.params["id"]);
      const fields: PlaceFields = FIELDS[kind]
        .partial()
        .extend({ retired: retired.optional() })
        .parse(request.body);
      if (Object.keys(fields).length === 0) throw wrongField("name", "There is nothing to change.");
      await checkReferences(db, fields);
      const place = await changeIfFree(db, kind, { id, ...fields });
      if (!place) throw new Problem(404, "Not found", `There is no such thing among the ${kind}.`);
      await live.change({ tags: [kind] });
      response.json({ message: "Changed", place });
    });
  }
  return router;
}

/** What a machine names must be there. */
async function checkReferences(db: Database, { lineId, processIds }: PlaceFields): Promise<void> {
  if (lineId !== undefined && !(await listPlaces(db, "lines")).some(({ id }) => id === lineId)) {
    throw wrongField("lineId", "There is no such line.");
  }
  if (processIds === undefined) return;
  const known = new Set((await listPlaces(db, "processes")).map(({ id }) => id));
  if (!processIds.every((id) => known.has(id))) throw wrongField("processIds", "There is no such process.");
}

async function changeIfFree(db: Database, kind: PlaceKind, fields: PlaceFields & { readonly id: number }) {
  try {
    return await changePlace(db, kind, fields);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code === UNIQUE_VIOLATION) throw wrongField("name", `"${fields.name}" exists already.`);
    throw error;
  }
}

/** What PostgreSQL calls a name that is taken. */
const UNIQUE_VIOLATION = "23505";
