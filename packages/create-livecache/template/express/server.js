import { createServer } from "node:http";
import express from "express";
import { createLive } from "livecache";
import { cached, liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { readItems, writeItems } from "./store.js";

const { REDIS_URL, LIVE_SECRET, PORT = "3000" } = process.env;

const ground = REDIS_URL ? await openRedis(REDIS_URL, { start: "degraded" }) : undefined;
const live = createLive({ ground, ...(LIVE_SECRET && { secret: LIVE_SECRET }) });

const app = express();
app.use(liveRoutes(live), sameOriginWrites(), express.json());

// Read once, and then from memory until the tag "items" changes.
app.get("/api/items", cached(live, { ttl: "5m", tags: ["items"] }), async (_req, res) => {
  res.json(await readItems());
});

app.post("/api/items", async (req, res) => {
  const text = String(req.body?.text ?? "")
    .trim()
    .slice(0, 200);
  if (text === "") return void res.status(400).json({ detail: "Say what to add." });
  const item = { id: crypto.randomUUID(), text, done: false };
  await writeItems((items) => [...items, item]);
  await live.change({ tags: ["items"] }); // every cache forgets the list, every window shows the new one
  res.status(201).json(item);
});

app.put("/api/items/:id", async (req, res) => {
  const done = req.body?.done === true;
  await writeItems((items) => items.map((item) => (item.id === req.params.id ? { ...item, done } : item)));
  await live.change({ tags: ["items"] });
  res.status(204).end();
});

app.delete("/api/items/:id", async (req, res) => {
  await writeItems((items) => items.filter(({ id }) => id !== req.params.id));
  await live.change({ tags: ["items"] });
  res.status(204).end();
});

app.use(express.static("public"));
app.use("/npm", express.static("node_modules")); // the client, for the page to import
app.use(liveErrors());

const server = createServer(app);
const io = new Server(server, { transports: ["websocket"], serveClient: false, maxHttpBufferSize: 65_536 });
attach(live, io);
server.listen(Number(PORT), () => {
  console.log(`ready http://localhost:${server.address().port}`);
});

async function stop() {
  await io.close(); // stops listening as well
  await live.close();
  process.exit(0);
}
process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());
