import type { IncomingMessage } from "node:http";
import type { DoctorReport, RequestFacts } from "@livecache/wire";
import type { OperatedLive } from "./operated-live.ts";

/** What `livecache doctor` asks an application for: what its nodes tell of themselves, and how the request reached it. */
export async function lookForDoctor(live: OperatedLive, request: IncomingMessage): Promise<DoctorReport> {
  const { nodes, missing } = await live.admin.facts();
  return { node: live.node, nodes, missing, request: requestFacts(request) };
}

function requestFacts(request: IncomingMessage): RequestFacts {
  const { headers, socket } = request;
  // Frameworks say more; a plain request does not.
  const { ip, secure } = request as { readonly ip?: unknown; readonly secure?: unknown };
  const isFramework = typeof ip === "string" || typeof secure === "boolean";
  return {
    address: socket.remoteAddress ?? null,
    isEncrypted: (socket as { readonly encrypted?: unknown }).encrypted === true,
    host: headers.host ?? null,
    forwardedFor: listIn(headers["x-forwarded-for"]),
    forwardedProto: listIn(headers["x-forwarded-proto"])[0] ?? null,
    ...(isFramework && {
      framework: {
        ip: typeof ip === "string" ? ip : null,
        isSecure: typeof secure === "boolean" ? secure : null,
      },
    }),
  };
}

function listIn(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === "string" ? header : (header ?? []).join(",");
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean)
    .slice(0, 20);
}
