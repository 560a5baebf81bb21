import { randomBytes } from "node:crypto";
import { openServer } from "./server.ts";

const random = (): string => randomBytes(32).toString("base64url");
const { url } = await openServer({
  port: Number(process.env["PORT"] || 3_000),
  redisUrl: process.env["REDIS_URL"] || undefined,
  secret: process.env["LIVE_SECRET"] || random(),
  tokenSecret: process.env["TOKEN_SECRET"] || random(),
  mail: (email, code) => process.stdout.write(`mail to ${email}: your code is ${code}\n`),
});
process.stdout.write(`ready ${url}\n`);
