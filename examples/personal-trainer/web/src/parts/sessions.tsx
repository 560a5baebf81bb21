import { useSend } from "example-kit/web/live.ts";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import type { GroupSession } from "../../../src/answers.ts";
import { usePerson } from "../session.tsx";
import { momentWords } from "../words.ts";

/** Sessions to come. Clients say whether they come, the trainer may cancel. */
export function Sessions({ sessions }: { sessions: readonly GroupSession[] }) {
  return (
    <ul className="sessions">
      {sessions.map((session) => (
        <li key={session.id} className="session">
          <span className="session-icon" aria-hidden="true">
            <Icon name="calendar" />
          </span>
          <div className="session-words">
            <strong>{session.title}</strong>
            <span>
              {momentWords(session.startsAt)} · {session.place}
            </span>
            {session.note && <span>{session.note}</span>}
            <span className="session-coming">{comingWords(session)}</span>
          </div>
          <SessionStep session={session} />
        </li>
      ))}
    </ul>
  );
}

function comingWords({ coming }: GroupSession): string {
  if (coming.length === 0) return "Nobody has said yes yet";
  const names = coming.map(({ name }) => name.split(" ")[0]);
  const named =
    names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return names.length === 1 ? `${named} comes` : `${named} come`;
}

function SessionStep({ session: { id, title, trainer, coming } }: { session: GroupSession }) {
  const me = usePerson();
  const send = useSend();
  const toast = useToast();
  const isComing = coming.some((person) => person.id === me.userId);
  function tell(sending: Promise<unknown>): void {
    sending.catch((error: Error) =>
      toast({ title: "That did not work", body: error.message, icon: "alert" }),
    );
  }
  if (trainer.id === me.userId) {
    return (
      <button
        type="button"
        className="button button-step"
        aria-label={`Cancel ${title}`}
        onClick={() => tell(send("DELETE", `/api/group-sessions/${id}`))}
      >
        Cancel
      </button>
    );
  }
  return (
    <button
      type="button"
      className={isComing ? "button button-step button-chosen" : "button button-step"}
      aria-pressed={isComing}
      aria-label={`I am coming to ${title}`}
      onClick={() => tell(send("PUT", `/api/group-sessions/${id}/coming`, { coming: !isComing }))}
    >
      {isComing && <Icon name="check" size={16} />} {isComing ? "Coming" : "I'm in"}
    </button>
  );
}
