import type { NodeAnswer } from "../answers.ts";
import { failureOf } from "../housed.ts";
import type { Stage } from "../stage/stage.ts";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import type { NodeApplication, NodeTold } from "./node.ts";
import type { Upstream } from "./balancer.ts";
import { createMoves } from "./moves.ts";

/** The nodes of the cluster, as processes. */
export interface Nodes {
  list(): readonly Omit<NodeAnswer, "ground">[];
  /** Where an application, or its console, answers now. */
  upstreams(application: string, which: "port" | "consolePort"): readonly Upstream[];
  /** Why an application runs on no node, if that is so. */
  failureOf(application: string): string | undefined;
  /** A visitor's socket was opened to a node; the answer says that it has ended. */
  noteSocket(node: string, visitor: string | undefined): () => void;
  /** SIGKILL. */
  kill(name: string): Promise<void>;
  /** Resolves when it answers. */
  start(name: string): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  readonly name: string;
  state: NodeAnswer["state"];
  sockets: number;
  child: Child<NodeTold> | undefined;
  applications: readonly NodeApplication[];
}

export interface NodesParts {
  readonly count: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stage: Stage;
  readonly onChange: () => void;
}

const MAIN = new URL("./node.js", import.meta.url);
/** A node that ended by itself is started again after so long. */
const AGAIN_MS = 1_000;

/** Makes the nodes; none is started yet. */
export function createNodes({ count, env, stage, onChange }: NodesParts): Nodes {
  const places = Array.from({ length: count }, (_, index): Place => {
    return { name: `Node ${index + 1}`, state: "gone", sockets: 0, child: undefined, applications: [] };
  });
  const { happenings, grounds } = stage;
  const moves = createMoves(happenings);
  let isOver = false;

  function find(name: string): Place {
    return places.find((place) => place.name === name)!;
  }

  async function start(name: string): Promise<void> {
    const place = find(name);
    const from = performance.now();
    place.state = "starting";
    onChange();
    const child = startChild<NodeTold>({
      main: MAIN,
      env,
      onTold(told) {
        if (told.kind === "ground" && place.child === child) grounds.report({ node: name, ...told });
        onChange();
      },
    });
    place.child = child;
    void child.gone.then(() => gone(place, child));
    const isReady = (told: NodeTold): told is NodeTold & { kind: "ready" } => told.kind === "ready";
    const { applications } = await child.next(isReady);
    place.applications = applications;
    place.state = "running";
    tellUp(happenings, place, performance.now() - from);
  }

  function gone(place: Place, child: Child<NodeTold>): void {
    if (place.child !== child) return;
    place.child = undefined;
    place.state = "gone";
    grounds.forget(place.name);
    onChange();
    if (isOver) return;
    happenings.add("trouble", `${place.name} ended by itself, and is started again`);
    setTimeout(() => {
      if (isOver || place.state !== "gone") return;
      start(place.name).catch((error: unknown) => console.warn(`${place.name}: ${failureOf(error)}`));
    }, AGAIN_MS);
  }

  async function kill(name: string): Promise<void> {
    const place = find(name);
    const { child } = place;
    if (!child) return;
    place.child = undefined;
    place.state = "gone";
    happenings.add("act", `${name} was killed (SIGKILL)`);
    moves.cut(name);
    await child.kill();
    grounds.forget(name);
    onChange();
  }

  return {
    list: () => places.map(({ name, state, sockets, child }) => ({ name, state, sockets, pid: child?.pid })),
    upstreams: (application, which) => upstreamsOf(places, application, which),
    failureOf: (application) => failureIn(places, application),
    noteSocket(node, visitor) {
      const place = find(node);
      place.sockets += 1;
      const onEnd = moves.opened(node, visitor);
      onChange();
      return () => {
        place.sockets -= 1;
        onEnd();
        onChange();
      };
    },
    kill,
    start,
    async close() {
      isOver = true;
      await Promise.all(places.map(({ child }) => child?.stop()));
    },
  };
}

function tellUp(happenings: Stage["happenings"], { name, applications }: Place, afterMs: number): void {
  happenings.add("back", `${name} is up, ${(afterMs / 1_000).toFixed(1)} s after it was started`);
  for (const { name: application, failure } of applications) {
    if (failure !== undefined) happenings.add("trouble", `${name} runs without ${application}: ${failure}`);
  }
}

function upstreamsOf(
  places: readonly Place[],
  application: string,
  which: "port" | "consolePort",
): readonly Upstream[] {
  return places.flatMap(({ name, state, applications }) => {
    const port = applications.find((one) => one.name === application)?.[which];
    return state === "running" && port !== undefined ? [{ node: name, port }] : [];
  });
}

function failureIn(places: readonly Place[], application: string): string | undefined {
  const said = places.flatMap(({ applications }) => applications.filter(({ name }) => name === application));
  const isNowhere = said.every(({ failure }) => failure !== undefined);
  return isNowhere ? (said[0]?.failure ?? "no node runs") : undefined;
}
