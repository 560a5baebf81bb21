import type { Hazard } from "./contract.ts";
import type { Role } from "./vocabulary.ts";

/** What the API answers, as pages and phones read it. */

/** Who is signed in. */
export type Person = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
};

/** `GET` and `POST /api/session` */
export interface SessionAnswer {
  readonly person: Person | null;
}

/** `POST /api/token`: what an app presents as `Authorization: Bearer`, and a socket as `auth: { token }`. */
export interface TokenAnswer {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly person: Person;
}

/** What is known of a piece of road. Its name and its line are part of the map. */
export interface SegmentQuality {
  readonly id: string;
  /** 0 to 100, of recent observations; `null` before the first. */
  readonly quality: number | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** How many observations there were in all. */
  readonly observations: number;
  readonly updatedAt: string | null;
}

/** `GET /api/segments` */
export interface SegmentsAnswer {
  readonly segments: readonly SegmentQuality[];
}

/** One time that a vehicle drove over a segment. */
export interface Observation {
  readonly id: number;
  readonly quality: number;
  readonly vibration: number;
  readonly speedKmh: number;
  readonly driver: string;
  readonly at: string;
}

/** `GET /api/segments/:id` */
export interface SegmentAnswer {
  readonly segment: SegmentQuality & { readonly street: string; readonly km: number };
  /** The mean of each twelve hours, the oldest first. */
  readonly history: readonly { readonly from: string; readonly quality: number; readonly count: number }[];
  /** The newest first, at most 12. */
  readonly recent: readonly Observation[];
}

/** `POST /api/observations` */
export interface ObservationsAnswer {
  readonly accepted: number;
  /** How many were on no road of this city. */
  readonly offRoad: number;
  readonly segments: readonly SegmentQuality[];
}

/** `GET /api/hazards`: those that are still there, the newest first. */
export interface HazardsAnswer {
  readonly hazards: readonly Hazard[];
}

/** `POST /api/hazards` */
export interface HazardWritten {
  readonly hazard: Hazard;
}

/** `GET /api/regions`: how many sockets are in each cell of the city; cells without any are left out. */
export interface RegionsAnswer {
  readonly cells: readonly { readonly cell: string; readonly count: number }[];
  readonly total: number;
  /** `"local"` while Redis is away: only this node's sockets are counted. */
  readonly scope: "cluster" | "local";
}

/** `GET /api/regions/:cell/members` */
export interface MembersAnswer {
  readonly cell: string;
  readonly members: readonly { readonly socketId: string; readonly userId?: string }[];
  readonly scope: "cluster" | "local";
}

/** What is known of one connected socket. */
export interface SocketSession {
  readonly socketId: string;
  readonly userId: string | null;
  readonly currentRegionId: string | null;
  readonly lastLocation: { readonly latitude: number; readonly longitude: number } | null;
  readonly connectedAt: string;
  readonly lastActivityAt: string;
  readonly userAgent: string | null;
}

/** `GET /api/sessions`: the sockets of everybody who is connected, on whichever node. */
export interface SessionsAnswer {
  readonly sessions: readonly SocketSession[];
}

/** `GET /api/sessions/:socketId` */
export interface OneSessionAnswer {
  readonly session: SocketSession;
  /** Absent when there was none in the last five minutes. */
  readonly lastHeartbeatAt?: string;
}

/** `GET /api/drivers` */
export interface DriversAnswer {
  readonly drivers: readonly { readonly id: string; readonly name: string; readonly vehicle: string }[];
}

/** `GET /health` */
export interface HealthAnswer {
  readonly status: "ok" | "error";
  readonly timestamp: string;
  readonly services: {
    readonly mongodb: "connected" | "disconnected";
    readonly redis: "connected" | "disconnected" | "not configured";
    readonly socketio: "active";
  };
}
