import type { IncomingMessage } from "node:http";
import { hostName } from "./hosts.ts";

const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
const OWN_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a request is from somebody at this machine, who may stop Redis and kill nodes: it comes from a loopback address, was asked for
 * by a loopback name (another site's name may lead here, too), and no proxy has passed it on for somebody else.
 */
export function isAtThisMachine(request: Pick<IncomingMessage, "headers" | "socket">): boolean {
  const { headers, socket } = request;
  const isPassedOn = headers["x-forwarded-for"] !== undefined || headers["forwarded"] !== undefined;
  return !isPassedOn && LOOPBACK.test(socket.remoteAddress ?? "") && OWN_NAME.test(hostName(headers.host));
}
