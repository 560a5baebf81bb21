import { expect, test } from "vitest";
import { applyEdits, planEdits } from "./edit-source.ts";
import { unifiedDiff } from "./show-diff.ts";

const MODULE = `import express from "express";

const app = express();
app.use(express.json());

app.get("/api/items", (req, res) => {
  res.json(items);
});

app.listen(3000, () => {
  console.log("listening :)");
});
`;

const edited = (text: string): string => applyEdits(text, planEdits(text).edits);

test("an application of one file gets its lines where they belong", () => {
  const { byHand, routes } = planEdits(MODULE);
  expect([byHand, routes]).toEqual([[], ["/api/items"]]);
  expect(edited(MODULE)).toBe(`import express from "express";
import { createLive } from "livecache";
import { cached, liveErrors, liveRoutes } from "livecache/express";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";

const app = express();
const live = createLive();
app.use(liveRoutes(live));
app.use(express.json());

app.get("/api/items", (req, res) => {
  res.json(items);
});

app.use(liveErrors());
const server = app.listen(3000, () => {
  console.log("listening :)");
});
attach(live, new Server(server, { transports: ["websocket"], maxHttpBufferSize: 65_536 }));
`);
});

test("a second time there is nothing to do", () => {
  expect(planEdits(edited(MODULE))).toMatchObject({ isDone: true, edits: [], byHand: [] });
});

test("the difference is one that patch takes", () => {
  const diff = unifiedDiff("server.js", MODULE, planEdits(MODULE).edits);
  expect(diff).toContain("--- a/server.js\n+++ b/server.js\n@@ -1,5 +1,11 @@\n");
  expect(diff).toContain(
    "@@ -8,5 +14,7 @@\n });\n \n-app.listen(3000, () => {\n+app.use(liveErrors());\n+const server = app.listen(3000, () => {\n",
  );
});

test("requires, single quotes, no semicolons and a server of its own are kept to", () => {
  const text = `const express = require('express')
const http = require('http')
const app = express()
const server = http.createServer(app)
app.get('/', (req, res) => res.send('hi'))
server.listen(process.env.PORT)
`;
  expect(edited(text)).toBe(`const express = require('express')
const http = require('http')
const { createLive } = require('livecache')
const { cached, liveErrors, liveRoutes } = require('livecache/express')
const { attach } = require('livecache/socket.io')
const { Server } = require('socket.io')
const app = express()
const live = createLive()
app.use(liveRoutes(live))
const server = http.createServer(app)
attach(live, new Server(server, { transports: ['websocket'], maxHttpBufferSize: 65_536 }))
app.get('/', (req, res) => res.send('hi'))
app.use(liveErrors())
server.listen(process.env.PORT)
`);
});

test("a Socket.IO server that is there is used", () => {
  const text = `import express from "express";
import { Server } from "socket.io";
const app = express();
const server = app.listen(3000);
const io = new Server(server, {
  cors: { origin: "https://a.test" }, // a ) in a comment
});
io.on("connection", () => {});
`;
  const after = edited(text);
  expect(after).toContain("});\nattach(live, io);\nio.on(");
  expect(after.match(/socket\.io"/g)).toHaveLength(2);
});

test.each([
  [
    "two applications",
    `import express from "express";\nconst a = express();\nconst b = express();\na.listen(1);\n`,
    /const app = express/,
  ],
  ["no server", `import express from "express";\nexport const app = express();\n`, /behind the last route/],
  ["no import", `const app = express();\napp.listen(3000);\n`, /behind the other imports/],
  [
    "a listen that never ends",
    `import express from "express";\nconst app = express();\napp.listen(3000, () => {\n`,
    /behind the server/,
  ],
  [
    "a chain",
    `import express from "express";\nconst app = express();\napp.listen(3000).on("error", stop);\n`,
    /behind the server/,
  ],
])("with %s it says what to write by hand", (_what, text, where) => {
  expect(
    planEdits(text)
      .byHand.map((one) => one.where)
      .join("\n"),
  ).toMatch(where);
});
