import { createServer } from "node:http";
import express from "express";
import type { RequestHandler } from "express";
import { createClient } from "redis";
import { ROSTER } from "../subject/roster.ts";
import type { SubjectName } from "../subject/roster.ts";
import { listening } from "./route.ts";
import type { OpenRoute, Route, RouteSetting } from "./route.ts";

/** The middleware of tutorials and of the five original applications: GET, parse and `res.json`, else take the body on its way out. */
export async function openTutorialExpress({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const client = await createClient({ url: redisUrl }).connect();
  const middleware: RequestHandler = async (request, response, next) => {
    const key = `cache:${request.originalUrl}`;
    const found = await client.get(key);
    if (found !== null) return void response.json(JSON.parse(found));
    const json = response.json.bind(response);
    response.json = (body: unknown) => {
      void client.setEx(key, 3_600, JSON.stringify(body));
      return json(body);
    };
    next();
  };
  const app = express();
  app.get("/item", middleware, async (_request, response) => void response.json(await load()));
  return listening(createServer(app), async () => client.destroy());
}

/** A peer inside the handler, with its memory and Redis, as its documentation shows it. */
export function peerInExpress(name: SubjectName): Route {
  return async ({ redisUrl, load }) => {
    const subject = await ROSTER[name]({ tier: "both", redisUrl, load, tags: ["item"], entries: 1_000 });
    const app = express();
    app.get("/item", async (_request, response) => void response.json(await subject.read("item")));
    return listening(createServer(app), () => subject.close());
  };
}
