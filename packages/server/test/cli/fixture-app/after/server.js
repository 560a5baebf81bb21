import express from "express";
import { createLive } from "livecache";
import { cached, liveErrors, liveRoutes } from "livecache/express";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";

const items = ["Bread", "Milk"];
const app = express();
const live = createLive();
app.use(liveRoutes(live));
app.use(express.json());
app.use(express.static(process.env.PAGES ?? "dist"));

app.get("/api/items", cached(live, { ttl: "1m", tags: ["items"] }), (_req, res) => {
  res.json(items);
});

app.post("/api/items", async (req, res) => {
  items.push(String(req.body.name));
  await live.change({ tags: ["items"] });
  res.status(201).json(items);
});

app.use(liveErrors());
const server = app.listen(process.env.PORT ?? 3000, function listening() {
  console.log(`ready http://localhost:${this.address().port}`);
});
attach(live, new Server(server, { transports: ["websocket"], maxHttpBufferSize: 65_536 }));
