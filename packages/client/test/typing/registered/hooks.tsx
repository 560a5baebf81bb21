import { createLiveClient } from "@livecache/client";
import {
  LiveProvider,
  useChannel,
  useConnection,
  useLive,
  useLiveSuspense,
  usePresence,
  useSend,
  useTyping,
  useWhisper,
} from "@livecache/client/react";

function Channels({ hostelId }: { readonly hostelId: string | undefined }) {
  useChannel("hostel/:hostelId", hostelId ? { hostelId } : null, {
    new_issue: (issue, meta) => {
      const title: string = issue.title;
      const cursor: string = meta.cursor;
      // @ts-expect-error the body has no such field
      String(issue.titel);
      // @ts-expect-error the field is a number
      const id: string = issue.id;
      return [title, cursor, id];
    },
    issue_closed: ({ id }) => id.toFixed(),
    onResync: (reason) => reason === "trimmed",
    onError: (error) => error.code,
  });
  useChannel(
    "person/:personId/device/:device",
    { personId: 7, device: "phone" },
    { ping: (text) => text.trim() },
  );
  useChannel("announcements", {}, { posted: (text) => text.trim() });

  // @ts-expect-error no such channel
  useChannel("hostels/:hostelId", { hostelId: 7 }, {});
  // @ts-expect-error the parameter is missing
  useChannel("hostel/:hostelId", {}, {});
  // @ts-expect-error the parameter is misspelt
  useChannel("hostel/:hostelId", { hostelID: 7 }, {});
  // @ts-expect-error one parameter of two is missing
  useChannel("person/:personId/device/:device", { personId: 7 }, {});
  // @ts-expect-error a parameter may be unknown only as a whole: then it is null
  useChannel("hostel/:hostelId", { hostelId }, {});
  // @ts-expect-error no such event
  useChannel("hostel/:hostelId", { hostelId: 7 }, { new_isue: () => {} });
  // @ts-expect-error the event belongs to another channel
  useChannel("announcements", {}, { new_issue: () => {} });
  // @ts-expect-error the handler takes something else
  useChannel("announcements", {}, { posted: (count: number) => count });
  return null;
}

function Queries() {
  const issues = useLive<{ readonly title: string }[]>("/api/issues");
  const nothing: { readonly title: string }[] | undefined = issues.data;
  if (issues.status === "ready") {
    issues.data.map((issue) => issue.title);
    // @ts-expect-error ready without an error
    String(issues.error.code);
  }
  if (issues.status === "error") String(issues.error.code);
  // @ts-expect-error data without a type is unknown
  String(useLive("/api/issues").data.length);
  // @ts-expect-error a path that is not known yet is null
  useLive(undefined);
  const { data, status, error } = useLive<string[]>("/api/names");
  if (!data) return status === "error" ? error.message : "Loading";
  // @ts-expect-error there is an error only in that status
  String(error.message);
  // @ts-expect-error there may be no data yet
  String(issues.data.length);
  return nothing?.length;
}

function Room({ roomId }: { readonly roomId: string | undefined }) {
  const params = roomId ? { roomId } : null;
  const room = useChannel("room/:roomId", params, { pointing: ({ x }) => x.toFixed() });
  void room.send("say", { text: "hi" });
  void useSend("room/:roomId", params)("say", { text: "hi" });
  useWhisper("room/:roomId", params)("pointing", { x: 1 });
  usePresence("room/:roomId", params, { state: "away" }).users.map(({ userId }) => userId.trim());
  useTyping("room/:roomId", params).typing();
  const names: readonly string[] = useLiveSuspense<string[]>("/api/names").data;
  // @ts-expect-error no such message
  void room.send("shout", { text: "hi" });
  // @ts-expect-error no such whisper
  useWhisper("room/:roomId", params)("point", { x: 1 });
  // @ts-expect-error no such state
  usePresence("room/:roomId", params, { state: "asleep" });
  // @ts-expect-error no such channel
  useTyping("rooms/:roomId", { roomId: 1 });
  return names.length;
}

function Badge() {
  const state = useConnection();
  if (state.status === "offline") return state.reason;
  // @ts-expect-error only offline has a reason
  return state.reason;
}

LiveProvider({
  client: createLiveClient(),
  children: [
    <Channels key="1" hostelId="7" />,
    <Queries key="2" />,
    <Badge key="3" />,
    <Room key="4" roomId="1" />,
  ],
});
