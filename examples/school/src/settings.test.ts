import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test.each([
  [{}, undefined],
  [{ REDIS_HOST: "localhost" }, "redis://localhost:6379/0"],
  [{ REDIS_HOST: "cache", REDIS_PORT: "6380", REDIS_DB: "1" }, "redis://cache:6380/1"],
  [{ REDIS_HOST: "cache", REDIS_PASSWORD: "p@ss/word" }, "redis://:p%40ss%2Fword@cache:6379/0"],
  [{ REDIS_HOST: "cache", REDIS_URL: "redis://elsewhere" }, "redis://elsewhere"],
])("the environment %o means Redis at %s", (env, redisUrl) => {
  expect(readSettings(env).redisUrl).toBe(redisUrl);
});

test.each([
  [{ REDIS_DB: "16" }, 'REDIS_DB: expected a whole number from 0 to 15, received "16".'],
  [{ REDIS_DB: "staging" }, 'REDIS_DB: expected a whole number from 0 to 15, received "staging".'],
  [{ REDIS_PORT: "0" }, 'REDIS_PORT: expected a whole number from 1 to 65535, received "0".'],
])("what is no number is refused: %o", (env, words) => {
  expect(() => readSettings({ REDIS_HOST: "cache", ...env })).toThrow(words);
});
