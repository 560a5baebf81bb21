import { createServer } from "node:http";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { listening } from "../../realtime/sites/listening.ts";
import { SECRET } from "../secret.ts";
import type { Watched } from "./watched.ts";

/** As documented: `identify` says which token a socket has, and that is all. */
export async function openLivecacheSockets(redisUrl: string): Promise<Watched> {
  const issuedAt = Date.now();
  const live = createLive({
    ground: await openRedis(redisUrl),
    secret: SECRET,
    identify: ({ auth }) => {
      const jti = (auth as { readonly token?: string } | undefined)?.token;
      return jti === undefined ? undefined : { userId: `owner of ${jti}`, tokenId: jti, issuedAt };
    },
  });
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 65_536 });
  attach(live, io);
  return {
    port: await listening(http, 0),
    revoke: (jti, expiresAtMs) => live.tokens.revoke(jti, expiresAtMs),
    isRevoked: (jti) => live.tokens.check({ jti }) === "revoked",
    async close() {
      await io.close();
      await live.close();
    },
  };
}
