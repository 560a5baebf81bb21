import { expect, test } from "vitest";
import { runIn } from "./transaction.ts";

const statement = {
  sql: "INSERT INTO t (a, b) VALUES ($1, $2)",
  params: ["it's", "\\ü'); DROP TABLE t; --"],
};

test("whoever takes parameters is given them, with its own this", async () => {
  const asked: unknown[] = [];
  class Client {
    name = "client";
    async query(...args: unknown[]): Promise<void> {
      asked.push([this.name, ...args]);
    }
  }
  await runIn(new Client(), statement);
  await runIn(async (...args: unknown[]) => void asked.push(args), statement);
  expect(asked).toEqual([
    ["client", statement.sql, statement.params],
    [statement.sql, statement.params],
  ]);
});

test("whoever takes a text only is given one in which parameters are hexadecimal", async () => {
  const asked: string[] = [];
  await runIn({ query: {}, execute: async (text: string) => void asked.push(text) }, statement);
  const hex = statement.params.map((param) => Buffer.from(param).toString("hex"));
  expect(asked).toEqual([
    `INSERT INTO t (a, b) VALUES (convert_from(decode('${hex[0]}', 'hex'), 'UTF8'), convert_from(decode('${hex[1]}', 'hex'), 'UTF8'))`,
  ]);
});

test("what the transaction rejects with comes through", async () => {
  const error = new Error("current transaction is aborted");
  await expect(runIn({ query: () => Promise.reject(error) }, statement)).rejects.toBe(error);
});
