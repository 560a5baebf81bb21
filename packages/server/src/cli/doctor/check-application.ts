import type { DoctorReport, NodesReport } from "@livecache/wire";
import { ownVersion } from "../../base/own-version.ts";
import { sleep } from "../../base/clock.ts";
import type { CliParts } from "../cli-parts.ts";
import { CommandFailure, EXIT } from "../failure.ts";
import { createClient } from "../operations-client.ts";
import type { OperationsAddress } from "../operations-client.ts";
import { checkNodes } from "./check-nodes.ts";
import type { Heard } from "./check-nodes.ts";
import { checkPages } from "./check-pages.ts";
import { FORGED_ADDRESS, checkProxy } from "./check-proxy.ts";
import { checkSockets } from "./check-sockets.ts";
import { passed } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { probe } from "./probe.ts";

/** What is there to be looked at. */
export interface ApplicationPlace {
  readonly addresses: readonly OperationsAddress[];
  readonly origin: string | undefined;
  readonly page: string;
  readonly socketPath: string;
}

/** What was found, and the nodes that were heard. */
export interface ApplicationLook {
  readonly findings: readonly Finding[];
  readonly nodes: DoctorReport["nodes"];
}

/** How often one address is asked: behind a balancer each question may meet another node. */
const ASKED = 4;

/** How long a node may take to apply what another one has. */
const CATCH_UP_MS = 1_000;

/** Looks at a running application. Rejects with a `CommandFailure` when none of its addresses answers. */
export async function checkApplication(place: ApplicationPlace, parts: CliParts): Promise<ApplicationLook> {
  const tries = await Promise.all(place.addresses.map((address) => hear(address, parts)));
  const heard = tries.flatMap((one) => ("heard" in one ? one.heard : []));
  const failed = tries.flatMap((one) => ("failure" in one ? [one.failure] : []));
  if (heard.length === 0) throw failed[0]!;
  const [first] = place.addresses;
  const findings = [
    passed("app-reach"),
    ...failed.map(({ message }) => unreachable(message)),
    await guard(first!, parts),
    ...checkNodes(heard, ownVersion()),
    ...(await proxy(first!, parts)),
    ...(await edges(place, first!, parts)),
  ];
  return {
    findings,
    nodes: [...new Map(heard.flatMap(({ doctor }) => doctor.nodes).map((one) => [one.node, one])).values()],
  };
}

/** Asks one address several times over connections of their own. */
async function hear(
  address: OperationsAddress,
  parts: CliParts,
): Promise<{ heard: Heard[] } | { failure: CommandFailure }> {
  try {
    const client = createClient(address, parts);
    const nodes = await client.get<NodesReport>("nodes");
    const reports = new Map<string, DoctorReport>();
    for (let count = 0; count < ASKED; count++) {
      const report = count === 0 ? await client.get<DoctorReport>("doctor") : await askAnew(address, parts);
      if (report) reports.set(report.node, report);
    }
    await sleep(parts.clock, nodes.nodes.length > 1 ? CATCH_UP_MS : 0, parts.signal);
    const later = nodes.nodes.length > 1 ? await client.get<NodesReport>("nodes") : nodes;
    return { heard: [...reports.values()].map((doctor) => ({ doctor, nodes, later })) };
  } catch (error) {
    if (error instanceof CommandFailure && error.exitCode === EXIT.unreachable) return { failure: error };
    throw error;
  }
}

async function askAnew(
  { url, headers, timeoutMs }: OperationsAddress,
  parts: CliParts,
  more: Record<string, string> = {},
): Promise<DoctorReport | undefined> {
  const target = new URL(`${url.href.replace(/\/+$/, "")}/doctor`);
  const answer = await probe(
    { url: target, headers: { ...Object.fromEntries(headers), ...more } },
    { ...parts, timeoutMs },
  );
  try {
    return answer?.status === 200 ? (JSON.parse(answer.text) as DoctorReport) : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(message: string): Finding {
  return {
    code: "app-reach",
    level: "problem",
    what: message,
    why: "this node was not looked at",
    fix: "is it running, and does it answer at this address?",
  };
}

async function guard({ url, timeoutMs }: OperationsAddress, parts: CliParts): Promise<Finding> {
  const target = new URL(`${url.href.replace(/\/+$/, "")}/nodes`);
  const answer = await probe({ url: target }, { ...parts, timeoutMs });
  if (answer?.status !== 200) return passed("console-guard");
  const isLocal = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  return {
    code: "console-guard",
    level: isLocal ? "warning" : "problem",
    what: "the operations answer a request without any credential",
    why: "whoever reaches this address sees everybody's sockets and sessions, and may sign people out",
    fix: 'operations(live, { guard: (req) => (isAdmin(req) ? { name: req.user.name, role: "act" } : undefined) })',
  };
}

async function proxy(address: OperationsAddress, parts: CliParts): Promise<readonly Finding[]> {
  const plain = await askAnew(address, parts);
  const forged = await askAnew(address, parts, { "x-forwarded-for": FORGED_ADDRESS });
  return plain && forged
    ? checkProxy({ url: address.url, plain: plain.request, forged: forged.request })
    : [];
}

async function edges(
  place: ApplicationPlace,
  { url, headers, timeoutMs }: OperationsAddress,
  parts: CliParts,
): Promise<readonly Finding[]> {
  const { origin } = place;
  const around = { clock: parts.clock, signal: parts.signal, timeoutMs, origin };
  const [sockets, page] = [new URL(place.socketPath, url.origin), new URL(place.page, url.origin)];
  const sent = page.origin === url.origin ? Object.fromEntries(headers) : {};
  return [
    ...(await checkSockets({ ...around, url: sockets })),
    ...(await checkPages({ ...around, url: page, headers: sent })),
  ];
}
