import { createLiveClient } from "@livecache/client";
import { LiveProvider, useChannel } from "@livecache/client/react";
import { contract } from "../contract.ts";

function Channels() {
  useChannel(
    "anything/:goes",
    { goes: 7 },
    {
      whatever: (body, meta) => [body.some.thing, meta.cursor.trim()],
      onResync: (reason) => reason === "lost",
      onError: (error) => error.code,
    },
  );
  // @ts-expect-error parameters are read from the pattern all the same
  useChannel("anything/:goes", { gose: 7 }, {});
  return null;
}

const client = createLiveClient({ contract });
client.channel("hostel/:hostelId", { hostelId: 7 }, { new_issue: ({ title }) => title.trim() });
// @ts-expect-error no such event
client.channel("hostel/:hostelId", { hostelId: 7 }, { new_isue: () => {} });

LiveProvider({ client, children: <Channels /> });
