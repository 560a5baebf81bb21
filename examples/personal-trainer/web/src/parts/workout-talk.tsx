import { usePresence, useTyping } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { initials } from "example-kit/web/words.ts";
import { useState } from "react";
import type { FormEvent } from "react";
import type { Workout } from "../../../src/answers.ts";
import type { Comment } from "../../../src/contract.ts";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";

/** What member and trainer say about a workout, who of them is looking at it, and who is writing. */
export function WorkoutTalk({ workout: { id, userId } }: { workout: Workout }) {
  const me = usePerson();
  const { users } = usePresence("progress/:userId", { userId }, { meta: { workoutId: id } });
  const { users: typists, typing } = useTyping("progress/:userId", { userId });
  const lookers = users.filter(({ userId: other, meta }) => other !== me.userId && looksAt(meta) === id);
  const isWriting = lookers.some((looker) => typists.includes(looker.userId));
  const other = me.userId === userId ? "Your trainer" : "The member";
  return (
    <section className="talk" aria-label="Comments">
      <h3>Comments</h3>
      <Loaded<Comment[]> path={`/api/workouts/${id}/comments`} what="The comments" height={56}>
        {(comments) => <Comments comments={comments} />}
      </Loaded>
      <p className="talk-state" role="status">
        {isWriting && (
          <>
            {other} is writing
            <span className="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
          </>
        )}
        {!isWriting && lookers.length > 0 && `${other} is looking at this now`}
      </p>
      <TalkForm workoutId={id} typing={typing} />
    </section>
  );
}

function looksAt(meta: unknown): unknown {
  return (meta as { workoutId?: unknown } | undefined)?.workoutId;
}

function Comments({ comments }: { comments: readonly Comment[] }) {
  const me = usePerson();
  if (comments.length === 0) return <p className="card-empty">Nobody has said anything yet.</p>;
  return (
    <ol className="comments">
      {comments.map(({ id, author, text, createdAt }) => (
        <li key={id} className={author.id === me.userId ? "comment comment-own" : "comment"}>
          <span className="avatar" aria-hidden="true">
            {initials(author.name)}
          </span>
          <div className="comment-body">
            <p className="comment-head">
              <strong>{author.name}</strong> <Ago moment={createdAt} />
            </p>
            <p>{text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

function TalkForm({ workoutId, typing }: { workoutId: number; typing: (on?: boolean) => void }) {
  const send = useSend();
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState<string>();
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const said = text.trim();
    if (!said) return;
    setText("");
    typing(false);
    try {
      await send("POST", `/api/workouts/${workoutId}/comments`, { text: said });
      setTrouble(undefined);
    } catch (error) {
      // Nothing that somebody wrote gets lost.
      setText(said);
      setTrouble((error as Error).message);
    }
  }
  return (
    <form className="talk-form" onSubmit={submit}>
      <Field label="Say something" error={trouble}>
        {(control) => (
          <textarea
            {...control}
            rows={2}
            maxLength={1000}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              typing(event.target.value !== "");
            }}
          />
        )}
      </Field>
      <button type="submit" className="button button-main">
        Send
      </button>
    </form>
  );
}
