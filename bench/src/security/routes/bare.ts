import { createServer } from "node:http";
import express from "express";
import { answerItem, listeningSite } from "./guarded-site.ts";
import type { GuardedSite } from "./guarded-site.ts";

/** The floor: Express and the handler. Anybody is answered, as often as they like. */
export function openBare(): Promise<GuardedSite> {
  const app = express();
  app.get("/item", answerItem);
  return listeningSite(createServer(app), { admitted: async () => ({}), end: () => undefined });
}
