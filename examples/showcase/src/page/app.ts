import express from "express";
import type { Express, RequestHandler } from "express";
import { pageRoutes, securityHeaders } from "example-kit/pages";
import { Problem, answerProblem, notFound } from "example-kit/problem";
import type { Live } from "livecache";
import { cached, liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import type { ExhibitsAnswer, HereAnswer } from "../answers.ts";
import { enter } from "../front/enter.ts";
import { isAtThisMachine } from "../front/at-this-machine.ts";
import { PROBE, hostName } from "../front/hosts.ts";
import { personAt } from "../housed.ts";
import type { Housed } from "../housed.ts";
import { Unfit } from "../stage/controls.ts";
import type { Stage } from "../stage/stage.ts";
import type { Troupe } from "../stage/troupe.ts";
import { lifeWish, nodeWish, redisWish } from "./wishes.ts";

/** Folder of the built web page (`npm run build:web`). */
const WEB = new URL("../../dist-web", import.meta.url);

/** What the page works with. */
export interface PageParts {
  readonly live: Live;
  readonly stage: Stage;
  readonly troupe: Troupe;
  readonly housed: readonly Housed[];
  readonly exhibits: () => ExhibitsAnswer;
}

/** The server side of the page that explains: what there is, what happens, and the switches for whoever sits at this machine. */
export function createPage(parts: PageParts): Express {
  const { live, stage, troupe, exhibits } = parts;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.get("/~here", (_request, response) => {
    response.set("Access-Control-Allow-Origin", "*").set("Cache-Control", "no-store").json({ here: true });
  });
  app.get("/~enter/:name/:seat", enterByPort(parts));
  app.use("/console/:name", consoleOf(parts));
  app.use(securityHeaders, letProbe);
  app.use("/api", sameOriginWrites(), express.json({ limit: "16kb" }), liveRoutes(live));
  const everybody = { ttl: "1h", public: true, push: true } as const;
  app.get("/api/exhibits", cached(live, { ...everybody, tags: ["exhibits"] }), (_request, response) => {
    response.json(exhibits());
  });
  app.get("/api/stage", cached(live, { ...everybody, tags: ["stage"] }), (_request, response) => {
    response.json(stage.answer());
  });
  app.get("/api/life", cached(live, { ...everybody, tags: ["life"] }), (_request, response) => {
    response.json(troupe.answer());
  });
  app.get("/api/here", (request, response) => {
    response.set("Cache-Control", "no-store");
    response.json({ mayAct: isAtThisMachine(request) } satisfies HereAnswer);
  });
  app.post("/api/{*act}", onlyHere);
  app.use("/api", switches(parts), notFound);
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}

/** The page asks whether `*.localhost` leads here, which is another host. */
const letProbe: RequestHandler = (request, response, next) => {
  const port = /:\d+$/.exec(request.headers.host ?? "")?.[0] ?? "";
  const policy = String(response.getHeader("Content-Security-Policy"));
  response.set(
    "Content-Security-Policy",
    policy.replace("connect-src 'self'", `connect-src 'self' http://${PROBE}.localhost${port}`),
  );
  next();
};

/** What changes something on this machine is for whoever sits at it. */
const onlyHere: RequestHandler = (request, _response, next) => {
  if (!isAtThisMachine(request)) {
    const words = `Only whoever sits at the machine may do this, at http://localhost. You asked for ${hostName(request.headers.host)}.`;
    throw new Problem(403, "Not from here", words);
  }
  next();
};

function switches({ stage, troupe, housed }: PageParts): RequestHandler {
  const router = express.Router();
  router.post("/redis", async (request, response) => {
    await unlessUnfit(stage.actOnRedis(redisWish(request.body)));
    response.json(stage.answer());
  });
  router.post("/nodes/:name", async (request, response) => {
    await unlessUnfit(stage.actOnNode(request.params.name, nodeWish(request.body)));
    response.json(stage.answer());
  });
  router.post("/life", (request, response) => {
    const applications = lifeWish(request.body);
    const unknown = applications.find(
      (name) => !housed.some((one) => one.running && one.exhibit.name === name),
    );
    if (unknown !== undefined) throw new Problem(404, "Not found", `No application "${unknown}" runs here.`);
    troupe.play(applications);
    response.json(troupe.answer());
  });
  return router;
}

async function unlessUnfit(acting: Promise<void>): Promise<void> {
  try {
    await acting;
  } catch (error) {
    if (error instanceof Unfit) throw new Problem(409, "That does not fit", error.message);
    throw error;
  }
}

/** Signs somebody in for the application's own port: browsers send cookies to every port of a host. */
function enterByPort({ housed }: PageParts): RequestHandler<{ name: string; seat: string }> {
  return async (request, response) => {
    const { name, seat } = request.params;
    const running = housed.find(({ exhibit }) => exhibit.name === name)?.running;
    const person = running && personAt(running.application, seat);
    if (!running || !person) throw new Problem(404, "Not found", `There is no "${seat}" in "${name}".`);
    const to = `http://${hostName(request.headers.host)}:${running.port}/`;
    await enter(response, { url: running.url, person, to });
  };
}

/** The consoles act on applications, so they are for whoever sits at this machine, too. */
function consoleOf({ housed }: PageParts): RequestHandler {
  return (request, response) => {
    const name = String(request.params["name"]);
    const running = housed.find(({ exhibit }) => exhibit.name === name)?.running;
    if (!running) throw new Problem(404, "Not found", `No application "${name}" runs here.`);
    onlyHere(request, response, () => {
      request.url = request.originalUrl;
      running.console.request(request, response);
    });
  };
}
