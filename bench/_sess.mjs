import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { spawn } from "node:child_process";
const port = 27391;
const srv = spawn("redis-server", ["--port", port, "--save", "", "--appendonly", "no"], { stdio: "ignore" });
await new Promise((r) => setTimeout(r, 500));
const url = `redis://127.0.0.1:${port}`;
const client = createClient({ url }); await client.connect();
const live = createLive({ ground: await openRedis(url), logger: { warn() {} } });
const store = new RedisStore({ client, prefix: "sess:" });
const data = { cookie: { originalMaxAge: 1800000, httpOnly: true, path: "/" }, user: "u1", cart: Array.from({ length: 20 }, (_, i) => ({ id: i, n: 1 })), csrf: "x".repeat(32) };
const cpu = async () => { const i = await client.info("cpu"); return Number(/used_cpu_user:([\d.]+)/.exec(i)[1]) + Number(/used_cpu_sys:([\d.]+)/.exec(i)[1]); };
const N = 15000, IDS = 1000;
for (let i = 0; i < IDS; i++) { await store.set(`s${i}`, data); await live.sessions.create(`s${i}`, { data, userId: `u${i % 300}`, idleMs: 1800000 }); }
async function run(name, work) {
  for (let i = 0; i < 1000; i++) await work(i);
  const t = [], c = await cpu();
  for (let i = 0; i < N; i++) { const a = performance.now(); await work(i); t.push(performance.now() - a); }
  const used = ((await cpu()) - c) / N * 1e6; t.sort((a, b) => a - b);
  console.log(name.padEnd(34), "p50", (t[Math.floor(N / 2)] * 1000).toFixed(0), "us  p99", (t[Math.floor(N * .99)] * 1000).toFixed(0), "us  redis cpu", used.toFixed(1), "us/op");
}
for (let round = 0; round < 2; round++) {
  await run("connect-redis get", (i) => store.get(`s${i % IDS}`));
  await run("live.sessions.read", (i) => live.sessions.read(`s${i % IDS}`));
  await run("connect-redis set", (i) => store.set(`s${i % IDS}`, { ...data, n: i }));
  await run("live.sessions.save one field", (i) => live.sessions.save(`s${i % IDS}`, { base: 1, set: { n: i } }));
  await run("connect-redis get+touch", async (i) => { await store.get(`s${i % IDS}`); await store.touch(`s${i % IDS}`, data); });
  await run("read+touch (10 %)", async (i) => { await live.sessions.read(`s${i % IDS}`); await live.sessions.touch(`s${i % IDS}`, 1800000); });
}
await live.close(); client.destroy(); srv.kill();
