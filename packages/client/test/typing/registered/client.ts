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
