import { io } from "socket.io-client";
const N = 300; const socks = [];
for (let i = 0; i < N; i++) { const s = io("http://127.0.0.1:4599", { transports: ["websocket"], forceNew: true }); await new Promise(r => s.once("connect", r)); socks.push({ s, lat: 52.4 + Math.random() * 0.2, lon: 13.2 + Math.random() * 0.2 }); }
const t = performance.now(); let sent = 0, got = 0;
while (performance.now() - t < 9000) { const due = (performance.now() - t) * 8; for (; sent < due; sent++) { const x = socks[sent % N]; x.lat += (Math.random() - .5) * .0006; x.s.emit("locate", { latitude: x.lat, longitude: x.lon }, () => got++); } await new Promise(r => setTimeout(r, 1)); }
console.log(sent, got); process.exit(0);
