import { useLiveClient } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { createChance } from "example-kit/chance";
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { VehicleReport } from "../../../src/contract.ts";
import { createRide } from "../../../src/drive/ride.ts";
import type { RideMoment } from "../../../src/drive/ride.ts";
import { qualityOf } from "../../../src/quality.ts";
import { useCity } from "../city.tsx";

/** A drive of this browser, which plays a phone in a car: it goes on while one looks at other pages. */
export interface Drive {
  /** One ride of one phone; `undefined` when nobody drives. */
  readonly trip: string | undefined;
  readonly moment: RideMoment | undefined;
  /** The region that the server says one is in. */
  readonly cell: string | undefined;
  /** What was felt lately, 0 to 100, the newest last. */
  readonly felt: readonly number[];
  readonly sent: number;
  /** Observations that wait for the server to be reached. */
  readonly waiting: number;
  start(): void;
  stop(): void;
}

/** Faster than it says, so that there is something to see. */
const HASTE = 3;
const REPORT_MS = 1_000;
const OBSERVE_EVERY = 3;
const BEAT_EVERY = 60;
const FELT_SHOWN = 40;
const MOST_WAITING = 60;

const DriveContext = createContext<Drive | undefined>(undefined);

/** The drive of this browser. */
export function useDrive(): Drive {
  return use(DriveContext)!;
}

type Progress = Pick<Drive, "moment" | "cell" | "felt" | "sent" | "waiting">;

const PARKED: Progress = { moment: undefined, cell: undefined, felt: [], sent: 0, waiting: 0 };

/** Lets this browser drive, whatever page is shown. */
export function DriveProvider({ children }: { children: ReactNode }) {
  const [trip, setTrip] = useState<string>();
  const [progress, setProgress] = useState(PARKED);
  useReports(trip, setProgress);
  const start = useCallback(() => setTrip(crypto.randomUUID().slice(0, 8)), []);
  const stop = useCallback(() => {
    setTrip(undefined);
    setProgress(PARKED);
  }, []);
  const drive = useMemo(() => ({ trip, ...progress, start, stop }), [trip, progress, start, stop]);
  return <DriveContext value={drive}>{children}</DriveContext>;
}

type Tell = (next: (before: Progress) => Progress) => void;

interface Observed {
  readonly latitude: number;
  readonly longitude: number;
  readonly speedKmh: number;
  readonly vibration: number;
  readonly at: string;
}

/** Drives, and says once a second where one is: to the server by `locate`, to those who look at the map by a whisper. */
function useReports(trip: string | undefined, tell: Tell): void {
  const city = useCity();
  const client = useLiveClient();
  const post = useSend();
  const latestPost = useRef(post);
  useEffect(() => {
    latestPost.current = post;
  });

  useEffect(() => {
    if (trip === undefined) return undefined;
    const ride = createRide(city, createChance(Number.parseInt(trip, 16)));
    let waiting: Observed[] = [];
    let turn = 0;
    let observedAt = -OBSERVE_EVERY;
    let isIn = false;
    const room = client.listen("city", {
      event: () => undefined,
      joined: () => (isIn = true),
      lost: () => (isIn = false),
    });

    async function hand(): Promise<void> {
      const observations = waiting;
      waiting = [];
      try {
        await latestPost.current("POST", "/api/observations", { observations });
        tell((before) => ({ ...before, sent: before.sent + observations.length, waiting: waiting.length }));
      } catch {
        // As a phone without network does: it tells later, and forgets what is oldest.
        waiting = [...observations, ...waiting].slice(-MOST_WAITING);
        tell((before) => ({ ...before, waiting: waiting.length }));
      }
    }

    function report(): void {
      const now = new Date();
      const moment = ride.forward((REPORT_MS / 1_000) * HASTE, now.getTime());
      const { place, heading, speedKmh, shaking } = moment;
      client.request<{ cell: string }>("locate", place).then(
        ({ cell }) => tell((before) => ({ ...before, cell })),
        () => undefined,
      );
      const sighting: VehicleReport = { trip: trip!, ...place, heading, speedKmh };
      if (isIn) room.whisper("vehicle", sighting);
      if (turn % BEAT_EVERY === 0) client.request("heartbeat", {}).catch(() => undefined);
      const isDue = turn - observedAt >= OBSERVE_EVERY;
      if (shaking && isDue) {
        waiting.push({ ...place, ...shaking, at: now.toISOString() });
        observedAt = turn;
      }
      if (waiting.length > 0 && isDue) void hand();
      const felt = shaking ? [qualityOf(shaking)] : [];
      tell((before) => ({ ...before, moment, felt: [...before.felt, ...felt].slice(-FELT_SHOWN) }));
      turn += 1;
    }

    report();
    const timer = setInterval(report, REPORT_MS);
    return () => {
      clearInterval(timer);
      room.close();
    };
  }, [trip, city, client, tell]);
}
