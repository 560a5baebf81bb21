import { useTyping } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { initials } from "example-kit/web/words.ts";
import { useId, useState } from "react";
import type { FormEvent } from "react";
import type { Comment } from "../../../src/answers.ts";
import { useNames } from "../people.ts";
import { usePerson } from "../session.tsx";
import { listWords } from "../words.ts";

export interface CommentSectionProps {
  readonly auditId: number;
  readonly comments: readonly Comment[];
}

/** What people say about an audit, and who is about to say something. */
export function CommentSection({ auditId, comments }: CommentSectionProps) {
  const { userId } = usePerson();
  return (
    <section className="card talk" aria-labelledby="comments">
      <h2 id="comments">Comments</h2>
      {comments.length === 0 && <p className="card-empty">Nobody has said anything yet.</p>}
      <ol className="comments">
        {comments.map(({ id, author, text, at }) => (
          <li key={id} className={author.id === userId ? "comment comment-own" : "comment"}>
            <span className="avatar" aria-hidden="true">
              {initials(author.name)}
            </span>
            <div className="comment-text">
              <p className="comment-head">
                <strong>{author.name}</strong> <Ago moment={at} />
              </p>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ol>
      <CommentForm auditId={auditId} />
    </section>
  );
}

function CommentForm({ auditId }: { auditId: number }) {
  const send = useSend();
  const { users, more, typing } = useTyping("audit/:auditId", { auditId });
  const nameOf = useNames();
  const id = useId();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || text.trim() === "") return;
    setBusy(true);
    setRefusal(undefined);
    typing(false);
    try {
      await send("POST", `/api/audits/${auditId}/comments`, { text });
      setText("");
    } catch (error) {
      setRefusal(error as Refusal);
    }
    setBusy(false);
  }

  return (
    <form className="comment-form" onSubmit={submit}>
      <p className="typing" role="status">
        {users.length > 0 && (
          <>
            <span className="typing-dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {listWords(users.map(nameOf), more)} {users.length + more === 1 ? "is" : "are"} typing…
          </>
        )}
      </p>
      <label className="visually-hidden" htmlFor={id}>
        Write a comment
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={1000}
        value={text}
        placeholder="Write a comment"
        onChange={(event) => {
          setText(event.target.value);
          typing(event.target.value !== "");
        }}
      />
      {refusal && (
        <p className="form-error" role="alert">
          {refusal.message}
        </p>
      )}
      <button type="submit" className="button button-main" aria-disabled={busy || text.trim() === ""}>
        Comment
      </button>
    </form>
  );
}
