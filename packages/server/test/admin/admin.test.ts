import { createMemoryGround } from "livecache";
import { adminCases, openNode } from "./admin-cases.ts";

adminCases(async () => {
  const ground = createMemoryGround();
  return [await openNode(ground), await openNode(ground)];
});
