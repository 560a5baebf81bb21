import { expect, test } from "vitest";
import { scanText } from "./scan-rules.ts";

const TUTORIAL = `
import session from "express-session";
const app = express();
app.set("trust proxy", true);
app.use(cors({ origin: true, credentials: true }));
app.use(session({ secret: "keyboard cat", resave: false }));
// redis.keys("in a comment") is passed over
app.post("/users/:id", async (req, res) => {
  await db.save(req.body);
  const keys = await redis.keys("users:*");
  await redisClient.del(keys);
  io.to("users").emit("changed", req.params.id);
  await client.set("users:all", JSON.stringify(users));
  await redis.flushAll();
});
`;

test("tutorial code is found, each with its line", () => {
  const found = scanText("src/app.js", TUTORIAL).map(({ code, where }) => `${where} ${code}`);
  expect(found).toEqual([
    "src/app.js:4 scan-trust-proxy",
    "src/app.js:5 scan-any-origin",
    "src/app.js:6 scan-memory-sessions",
    "src/app.js:6 scan-secret",
    "src/app.js:10 scan-keys",
    "src/app.js:11 scan-delete",
    "src/app.js:12 scan-emit",
    "src/app.js:13 scan-no-expiry",
    "src/app.js:14 scan-flush",
  ]);
});

const SOUND = `
app.use(session({
  store: createSessionStore(live),
  secret: process.env.SESSION_SECRET,
}));
const url = "https://example.com"; // io.emit
const keys = Object.keys(cache);
app.set("trust proxy", 1);
await redis.del("session:" + id);
await redis.set("a", JSON.stringify(b), { EX: 60 });
io.emit("tick");
map.delete(key);
`;

test("what is as it should be is left alone", () => {
  expect(scanText("a.ts", SOUND)).toEqual([]);
});
