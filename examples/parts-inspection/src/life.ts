import { setTimeout as pause } from "node:timers/promises";
import { createLiveClient } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import type { LifeParts } from "example-kit/application";
import type { Chance } from "example-kit/chance";
import { liveOn } from "example-kit/life";
import type { Act } from "example-kit/life";
import type { Visitor } from "example-kit/visitor";
import type { AuditAnswer, AuditWritten, AuditsAnswer, MachinesAnswer, ProcessesAnswer } from "./answers.ts";
import type { PartsContract } from "./contract.ts";
import { demoAnswers } from "./database/seed.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { DEMO_PROCESSES, DEMO_REMARKS, DEMO_TALK } from "./demo-plant.ts";

const ADMINS = DEMO_PEOPLE.filter(({ role }) => role === "admin");
const INSPECTORS = DEMO_PEOPLE.filter(({ role }) => role === "inspector");

/** How long somebody writes at a comment. */
const WRITES_MS = 2_500;

async function read<T>(visitor: Visitor, path: string): Promise<T> {
  return (await (await visitor.get(path)).json()) as T;
}

const inspect: Act = async ({ chance, as }) => {
  const inspector = chance.pick(INSPECTORS);
  const visitor = await as(inspector);
  const [{ machines }, { processes }] = await Promise.all([
    read<MachinesAnswer>(visitor, "/api/machines"),
    read<ProcessesAnswer>(visitor, "/api/processes"),
  ]);
  const machine = chance.pick(machines.filter(({ retired }) => !retired));
  const process = processes.find(({ id }) => id === chance.pick(machine.processIds))!;
  const index = DEMO_PROCESSES.findIndex(({ name }) => name === process.name);
  if (index === -1) return undefined;
  const response = await visitor.send("POST /api/audits", {
    ...{ lineId: machine.lineId, machineId: machine.id, processId: process.id },
    answers: demoAnswers(chance, index),
    remarks: chance.pick(DEMO_REMARKS),
  });
  if (!response.ok) return undefined;
  const { audit } = (await response.json()) as AuditWritten;
  return `${inspector.name} audited ${audit.machine.name}: ${audit.result}`;
};

/** Opens an audit as a page does, writes for a while, and says something. */
function comment(people: typeof DEMO_PEOPLE, { url, signal }: LifeParts): Act {
  return async ({ chance, as }) => {
    const person = chance.pick(people);
    const visitor = await as(person);
    const audit = await someAudit(chance, visitor);
    if (!audit) return undefined;
    const client = createLiveClient<PartsContract>({ url, headers: () => ({ cookie: visitor.cookie }) });
    try {
      await joined(client, `audit/${audit.id}`);
      client.to(`audit/${audit.id}`).typing();
      await pause(WRITES_MS, undefined, { signal });
      const text = chance.pick(DEMO_TALK);
      const response = await visitor.send(`POST /api/audits/${audit.id}/comments`, { text });
      return response.ok ? `${person.name} commented on ${audit.machine.name}` : undefined;
    } finally {
      client.close();
    }
  };
}

function joined(client: Pick<LiveClient, "listen">, channel: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.listen(channel, { joined: resolve, error: reject, event: () => {} });
  });
}

const correct: Act = async ({ chance, as }) => {
  const admin = chance.pick(ADMINS);
  const visitor = await as(admin);
  const audit = await someAudit(chance, visitor);
  if (!audit) return undefined;
  const { answers } = await read<AuditAnswer>(visitor, `/api/audits/${audit.id}`);
  const remarks = chance.pick(DEMO_REMARKS);
  const response = await visitor.send(`PATCH /api/audits/${audit.id}`, { answers, remarks });
  return response.ok ? `${admin.name} corrected the audit of ${audit.machine.name}` : undefined;
};

/** One of the newest audits that failed, of those that the person may read. */
async function someAudit(chance: Chance, visitor: Visitor) {
  const { audits } = await read<AuditsAnswer>(visitor, "/api/audits?result=failed&limit=6");
  return audits.length > 0 ? chance.pick(audits) : undefined;
}

/** Inspectors hand in audits; administrators ask about those that failed, and get answers. */
export function life(parts: LifeParts): Promise<void> {
  return liveOn(parts, [
    [4, inspect],
    [2, comment(ADMINS, parts)],
    [2, comment(INSPECTORS, parts)],
    [1, correct],
  ]);
}
