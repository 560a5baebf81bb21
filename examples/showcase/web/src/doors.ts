import { useEffect, useState } from "react";
import type { ExhibitAnswer } from "../../src/answers.ts";

/** How this browser gets to an application: by a host name for each seat, or by the ports, where such names lead nowhere. */
export interface Doors {
  readonly kind: "asking" | "names" | "ports";
  /** Signs this person in and shows the application. */
  seat(exhibit: ExhibitAnswer, seat: string): string;
  /** The application, as whoever is signed in there. */
  application(exhibit: ExhibitAnswer): string;
}

const PATIENCE_MS = 2_000;
const OWN_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Finds out whether names that end in `.localhost` lead to this server. Elsewhere than on its own machine they never do. */
async function namesWork(): Promise<boolean> {
  if (!OWN_NAME.test(location.hostname)) return false;
  try {
    const probe = `http://probe.localhost${colonPort()}/~here`;
    const answer = await fetch(probe, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

const colonPort = (): string => (location.port ? `:${location.port}` : "");

/** The doors of this browser. Until it is known which, links lead by the ports. */
export function useDoors(): Doors {
  const [kind, setKind] = useState<Doors["kind"]>("asking");
  useEffect(() => {
    let isOver = false;
    void namesWork().then((work) => !isOver && setKind(work ? "names" : "ports"));
    return () => {
      isOver = true;
    };
  }, []);
  const isNamed = kind === "names";
  return {
    kind,
    seat: ({ name }, seat) =>
      isNamed ? `http://${seat}.${name}.localhost${colonPort()}/~enter` : `/~enter/${name}/${seat}`,
    application: ({ name, port }) =>
      isNamed ? `http://${name}.localhost${colonPort()}/` : `http://${location.hostname}:${port}/`,
  };
}

/** Opens two windows beside each other, over the whole screen. Answers the addresses whose window the browser held back. */
export function openSideBySide(addresses: readonly string[]): readonly string[] {
  const { availWidth, availHeight } = screen;
  const { availLeft = 0, availTop = 0 } = screen as Screen & { availLeft?: number; availTop?: number };
  const width = Math.floor(availWidth / addresses.length);
  return addresses.filter((address, index) => {
    const place = `left=${availLeft + index * width},top=${availTop},width=${width},height=${availHeight}`;
    return window.open(address, "_blank", `popup,${place}`) === null;
  });
}
