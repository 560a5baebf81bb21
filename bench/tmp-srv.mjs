import { createServer } from "node:http";
import { createLive } from "livecache";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { CONTRACT } from "./dist/realtime/sites/contract.js";
const live = createLive({ contract: CONTRACT, authorize: { "room/:id": () => true, "lobby/:id": () => true, "hall/:id": () => true, "region/:cell": () => true }, identify: () => ({ userId: "u" }) });
const http = createServer(); const io = new Server(http, { transports: ["websocket"] }); attach(live, io);
http.listen(4599, () => console.log("up"));
setTimeout(() => process.exit(0), 16000);
