import type { createClient } from "redis";
import type { Server, Socket } from "socket.io";

type Acknowledge = (reply: object) => void;
type Client = Pick<ReturnType<typeof createClient>, "hSet" | "hDel" | "hLen">;

/** What every application writes: a frame that enters a room. */
export function joinByHand(socket: Socket): void {
  socket.on("join", async ({ channel }: { channel: string }, acknowledge: Acknowledge) => {
    await socket.join(channel);
    acknowledge({ ok: true, cursor: "none" });
  });
}

/** Who is there, as tutorials write it: a hash in Redis, written when somebody comes and goes, and everybody told the count. */
export function presenceByHand(io: Server, socket: Socket, client: Client): void {
  const tell = async (channel: string): Promise<void> => {
    const count = await client.hLen(`present:${channel}`);
    io.to(channel).emit("presence-diff", { channel, count });
  };
  const leave = async (channel: string): Promise<void> => {
    await client.hDel(`present:${channel}`, socket.id);
    await tell(channel);
  };
  const isHall = (channel: string): boolean => channel.startsWith("hall/");
  const away = (): undefined => undefined;
  socket.on("join", ({ channel }: { channel: string }) => {
    if (!isHall(channel)) return;
    client.hSet(`present:${channel}`, socket.id, "online").then(() => tell(channel), away);
  });
  socket.on("leave", async ({ channel }: { channel: string }, acknowledge: Acknowledge) => {
    await socket.leave(channel);
    if (isHall(channel)) await leave(channel).catch(away);
    acknowledge({ ok: true });
  });
  socket.on("presence", async ({ channel }: { channel: string }, acknowledge: Acknowledge) => {
    acknowledge({ ok: true, count: await client.hLen(`present:${channel}`) });
  });
  socket.on("disconnecting", () => {
    for (const room of socket.rooms) if (isHall(room)) leave(room).catch(away);
  });
}

/** About the size of a geohash of six characters. */
const CELL = { lat: 0.0055, lon: 0.011 } as const;

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Rooms on a map, as an application writes them: the cell is counted out, and the socket leaves one room and enters another. */
export function regionsByHand(socket: Socket): void {
  let current: string | undefined;
  socket.on("locate", async ({ latitude, longitude }: Place, acknowledge: Acknowledge) => {
    const cell = `region/${Math.floor(latitude / CELL.lat)}:${Math.floor(longitude / CELL.lon)}`;
    if (cell !== current) {
      if (current !== undefined) await socket.leave(current);
      await socket.join(cell);
      current = cell;
    }
    acknowledge({ ok: true, cell });
  });
}
