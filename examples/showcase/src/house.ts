import { createServer } from "node:http";
import type { RunningServer } from "example-kit/run-server";
import { createLive } from "livecache";
import { attach } from "livecache/socket.io";
import { Server as SocketServer } from "socket.io";
import type { ExhibitAnswer, ExhibitsAnswer, StageAnswer } from "./answers.ts";
import { createFront } from "./front/front.ts";
import { seatOf } from "./front/hosts.ts";
import { inProcess } from "./front/target.ts";
import type { Housed, Running } from "./housed.ts";
import { listenOn } from "./listen-near.ts";
import { createPage } from "./page/app.ts";
import { tellGently } from "./page/tell-gently.ts";
import type { Controls } from "./stage/controls.ts";
import { createStage } from "./stage/stage.ts";
import type { Stage } from "./stage/stage.ts";
import { createTroupe } from "./stage/troupe.ts";

export interface HouseParts {
  readonly mode: StageAnswer["mode"];
  readonly port: number;
  /** Opens everything that the page is about. `onChange` is for what the stage cannot know by itself. */
  open(stage: Stage, onChange: () => void): Promise<OpenHouse>;
}

export interface OpenHouse {
  readonly housed: readonly Housed[];
  readonly controls: Controls;
  /** Closes applications and whatever they need. */
  close(): Promise<void>;
}

/**
 * Opens the showcase: the applications, the page that explains them, and one port for all. It answers once this resolves.
 *
 * @throws when the port is taken, or no application runs at all
 */
export async function openHouse({ mode, port, open }: HouseParts): Promise<RunningServer> {
  const live = createLive({ realm: "showcase" });
  const tell = tellGently(live);
  const stage = createStage(mode, tell.of("stage"));
  const { housed, controls, close: closeOpen } = await open(stage, tell.of("stage"));
  const running = housed.flatMap((one) => one.running ?? []);
  const troupe = createTroupe(running, Math.floor(Math.random() * 2 ** 31), tell.of("life"));
  const exhibits = (): ExhibitsAnswer => ({ port: ownPort, exhibits: housed.map(exhibitAnswer) });
  const page = createServer(createPage({ live, stage, troupe, housed, exhibits }));
  const io = new SocketServer(page, {
    serveClient: false,
    transports: ["websocket"],
    maxHttpBufferSize: 65_536,
  });
  attach(live, io);
  const front = createFront({ page: inProcess(page), housed });
  let ownPort = port;

  async function close(): Promise<void> {
    front.close();
    stage.close();
    tell.close();
    // Whoever waits for an answer gets it; then nothing is left to wait for.
    await troupe.close();
    await closeOpen();
    await io.close();
    await live.close();
    front.closeAllConnections();
  }

  try {
    if (running.length === 0) throw new Error(`No application runs:\n${failures(housed)}`);
    await stage.open(controls, running);
    ownPort = await listenOn(front, port);
  } catch (error) {
    await close();
    throw error;
  }
  let closed: Promise<void> | undefined;
  const url = `http://localhost:${ownPort}`;
  console.log(whatIsWhere(url, housed));
  return { url, close: () => (closed ??= close()) };
}

function exhibitAnswer({ exhibit, ...house }: Housed): ExhibitAnswer {
  const { name, title, tryThis } = exhibit;
  const { running, failure } = house as { running?: Running; failure?: string };
  const people = (running?.application.people ?? []).map((one) => ({
    seat: seatOf(one),
    name: one.name,
    id: one.id,
  }));
  const chosen = exhibit.pair
    .map((id) => people.find((one) => one.id === id))
    .filter((one) => one !== undefined);
  const pair = chosen.length === 2 ? chosen : people.slice(0, 2);
  const bare = ({ seat, name: called }: (typeof people)[number]) => ({ seat, name: called });
  return {
    name,
    title: running?.application.title ?? title,
    words: running?.application.words ?? "",
    tryThis,
    port: running?.port ?? 0,
    people: people.map(bare),
    pair: pair.map(bare),
    failure,
  };
}

/** What a person in a terminal wants to know. */
function whatIsWhere(url: string, housed: readonly Housed[]): string {
  const { port } = new URL(url);
  const lines = housed.map(({ exhibit, running }) =>
    running
      ? `  ${running.application.title.padEnd(18)} http://${exhibit.name}.localhost:${port}  or  ${running.url}`
      : `  ${exhibit.title.padEnd(18)} does not run`,
  );
  const faults = failures(housed);
  return ["", ...lines, ...(faults ? ["", faults] : []), ""].join("\n");
}

function failures(housed: readonly Housed[]): string {
  return housed
    .flatMap((one) => (one.running ? [] : [`${one.exhibit.title} does not run: ${one.failure}`]))
    .join("\n");
}
