// Without a document, as on a server: this file must not import the test support that makes one.
import { Suspense } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { clientOf, openServer, roundTrips } from "../../test/rig.ts";
import {
  LiveProvider,
  useChannel,
  useConnection,
  useLive,
  useLiveSuspense,
  useNotifications,
  usePresence,
  useSend,
  useTyping,
  useUpload,
  useWhisper,
} from "./index.ts";

const ROOM = "room/:roomId";

function Everything() {
  const params = { roomId: 1 };
  const room = useChannel(ROOM, params, {});
  useSend(ROOM, params);
  useWhisper(ROOM, params);
  const states = [
    useLive("/a").status,
    useConnection().status,
    usePresence(ROOM, params, { state: "online" }).status,
    useTyping(ROOM, params).users.length,
    useNotifications().status,
    useUpload("/files").status,
    room.channel,
  ];
  return states.join(" ");
}

function Waiting() {
  return useLiveSuspense<string>("/a").data;
}

test("on a server every hook renders what is not known yet, and nothing is fetched or connected", async () => {
  expect(typeof document).toBe("undefined");
  const server = await openServer();
  const client = clientOf(server);
  const html = renderToString(
    <LiveProvider client={client}>
      <Everything />
      <Suspense fallback=" waiting">
        <Waiting />
      </Suspense>
    </LiveProvider>,
  );
  expect(html).toContain("loading connecting loading 0 loading idle room/1");
  expect(html).toContain(" waiting");
  const other = clientOf(server);
  await roundTrips(other);
  expect(server.handshakes).toEqual([]);
  expect(server.gets("/a")).toBe(0);
});
