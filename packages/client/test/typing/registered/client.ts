import { createLiveClient } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import { LiveProvider } from "@livecache/client/react";
import { defineContract } from "@livecache/wire";
import { z } from "zod";

const client: LiveClient = createLiveClient({ url: "https://example.test" });
client.channel("hostel/:hostelId", { hostelId: 7 }, { new_issue: ({ title }) => title.trim() });
// @ts-expect-error no such channel
client.channel("hostl/:hostelId", { hostelId: 7 }, {});
// @ts-expect-error no such event
client.channel("hostel/:hostelId", { hostelId: 7 }, { opened: () => {} });

const room = client.channel(
  "room/:roomId",
  { roomId: 1 },
  {
    said: (text) => text.trim(),
    pointing: ({ x }, { from }) => [x.toFixed(), from?.trim()],
  },
);
void room.send("say", { text: "hi" });
room.whisper("pointing", { x: 1 });
room.typing();
// @ts-expect-error no such message
void room.send("shout", { text: "hi" });
// @ts-expect-error the message has another body
void room.send("say", { txt: "hi" });
// @ts-expect-error no such whisper
room.whisper("point", { x: 1 });
// @ts-expect-error the whisper has another body
room.whisper("pointing", { x: "1" });
// @ts-expect-error the channel has no messages
void client.channel("announcements", {}).send("say", { text: "hi" });

const other = defineContract({ channels: { "room/:room": { events: { said: z.string() } } } });
const ofOther = createLiveClient({ contract: other });
ofOther.channel("room/:room", { room: "a" }, { said: (text) => text.trim() });
// @ts-expect-error a client made with a contract knows that one only
ofOther.channel("hostel/:hostelId", { hostelId: 7 }, {});
createLiveClient<typeof other>().channel("room/:room", { room: "a" }, { said: (text) => text.trim() });

LiveProvider({ client });
LiveProvider({ client: ofOther });

// @ts-expect-error no such option
createLiveClient({ uri: "https://example.test" });
// @ts-expect-error no such time
createLiveClient({ timing: { jitter: 5 } });
