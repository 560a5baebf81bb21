import { useChannel, useLive, usePresence, useTyping } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { Link } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import type { ThreadAnswer } from "../../../src/answers.ts";
import { usePerson } from "../session.tsx";

/** A conversation between a student's parents and teacher: who is here, who types, and what was said. */
export function ThreadPage({ studentId }: { studentId: string }) {
  const { data, error, refetch } = useLive<ThreadAnswer>(`/api/threads/${studentId}`);
  const { userId } = usePerson();
  const { users } = usePresence("thread/:studentId", { studentId });
  const here =
    data?.people.filter(({ id }) => id !== userId && users.some((user) => user.userId === id)) ?? [];
  return (
    <div className="thread-page">
      <PageHead
        title={data ? `About ${data.student}` : "Conversation"}
        note={
          here.length > 0
            ? `${here.map(({ name }) => name).join(" and ")} ${here.length > 1 ? "are" : "is"} here now`
            : "Nobody else is here right now; they will find it when they come."
        }
      >
        <Link className="button" href="/">
          Done
        </Link>
      </PageHead>
      {!data && !error && <Skeleton rows={4} height={64} />}
      {!data && error && <Trouble what="The conversation" words={wordsFor(error)} onRetry={refetch} />}
      {data && (
        <section className="card thread" aria-label="Messages">
          <Messages thread={data} />
          <Composer studentId={studentId} people={data.people} />
        </section>
      )}
    </div>
  );
}

function Messages({ thread: { messages } }: { thread: ThreadAnswer }) {
  const { userId } = usePerson();
  if (messages.length === 0) return <p className="faint thread-empty">Nothing has been written yet.</p>;
  return (
    <ol className="messages">
      {messages.map(({ id, from, text, at }) => (
        <li key={id} className={from.id === userId ? "message message-own" : "message"}>
          <p className="message-text">{text}</p>
          <p className="faint">
            {from.id === userId ? "You" : from.name}, <Ago moment={at} />
          </p>
        </li>
      ))}
      <li key={`end ${messages.at(-1)!.id}`} ref={comeIntoView} aria-hidden="true" />
    </ol>
  );
}

/** The end of the conversation is another one with each message. */
function comeIntoView(end: HTMLLIElement | null): void {
  end?.scrollIntoView({ block: "nearest" });
}

function Composer({ studentId, people }: { studentId: string; people: ThreadAnswer["people"] }) {
  const { send } = useChannel("thread/:studentId", { studentId });
  const { users, typing } = useTyping("thread/:studentId", { studentId });
  const [text, setText] = useState("");
  const [state, setState] = useState<{ busy?: boolean; trouble?: string }>({});
  const typists = people.filter(({ id }) => users.includes(id)).map(({ name }) => name);

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (state.busy || text.trim() === "") return;
    setState({ busy: true });
    try {
      await send("say", { text });
      typing(false);
      setText("");
      setState({});
    } catch (error) {
      setState({ trouble: (error as Error).message });
    }
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void submit();
  }

  return (
    <form className="composer" onSubmit={submit}>
      <p className="typists" role="status">
        {typists.length > 0 && `${typists.join(" and ")} ${typists.length > 1 ? "are" : "is"} typing…`}
      </p>
      {state.trouble && (
        <p className="form-error" role="alert">
          {state.trouble}
        </p>
      )}
      <label className="visually-hidden" htmlFor="message">
        Your message
      </label>
      <textarea
        id="message"
        rows={2}
        maxLength={1000}
        value={text}
        placeholder="Write a message"
        onChange={(event) => {
          setText(event.target.value);
          typing();
        }}
        onKeyDown={onKey}
      />
      <button type="submit" className="button button-main" aria-disabled={state.busy ?? false}>
        {state.busy ? "Sending…" : "Send"}
      </button>
    </form>
  );
}
