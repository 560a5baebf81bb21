import type { FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import { requestStateOn } from "../http/request-state.ts";
import type { RequestState } from "../http/request-state.ts";

/** The state of a request, made when it is first asked for. */
export function stateOf(door: LiveDoor, request: FastifyRequest): RequestState {
  return requestStateOn(door, request, () => ({ headers: request.raw.headers, url: request.originalUrl }));
}
