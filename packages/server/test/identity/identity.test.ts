import { createMemoryGround } from "../../src/index.ts";
import { guardCases, revokedCases } from "./guard-cases.ts";
import type { School } from "./identity-site.ts";
import { roleCases } from "./role-cases.ts";
import { signedInCases, socketCases } from "./socket-cases.ts";

/** A school whose nodes share the memory of this process. */
async function open(): Promise<School> {
  const ground = createMemoryGround();
  const roles = new Map([
    ["ana", "principal"],
    ["ben", "teacher"],
  ]);
  return { roles, openGround: async () => ground };
}

guardCases(open);
revokedCases(open);
socketCases(open);
signedInCases(open);
roleCases(open);
