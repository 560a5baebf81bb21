import { useConnection } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { inFull } from "example-kit/web/words.ts";
import { useCallback, useEffect, useState } from "react";
import type { SessionsAnswer } from "../../../src/answers.ts";
import { usePerson, useSession } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

/** Where one is signed in, and the way out of all of it. */
export function AccountPage() {
  const { name, role } = usePerson();
  const { reload } = useSession();
  const send = useSend();
  const { sessions, refusal, load, setRefusal } = useSessions();

  async function end(path: string): Promise<void> {
    try {
      await send("DELETE", path);
      load();
      reload();
    } catch (error) {
      setRefusal(error as Refusal);
    }
  }

  return (
    <>
      <PageHead title="Account" note={`${name}, ${ROLE_WORDS[role].toLowerCase()}`} />
      <section className="card" aria-labelledby="sessions">
        <h2 id="sessions">Where you are signed in</h2>
        {!sessions && !refusal && <Skeleton rows={2} height={56} />}
        {!sessions && refusal && <Trouble what="Your sessions" words={refusal.message} onRetry={load} />}
        <ul className="places">
          {sessions?.map(({ createdAt, seenAt, expiresAt, isThis }) => (
            <li key={createdAt} className="place">
              <div className="place-text">
                <strong>{isThis ? "Here" : "Another browser"}</strong>
                <span>
                  Signed in <Ago moment={createdAt} />, last used <Ago moment={seenAt} />. Ends{" "}
                  {inFull(expiresAt)} if it is not used.
                </span>
              </div>
              {isThis && <span className="pill pill-passed">This one</span>}
            </li>
          ))}
        </ul>
        {sessions && refusal && (
          <p className="form-error" role="alert">
            {refusal.message}
          </p>
        )}
        <div className="account-acts">
          <button
            type="button"
            className="button"
            aria-disabled={(sessions?.length ?? 0) < 2}
            onClick={() => void end("/api/sessions?but=this")}
          >
            Sign out everywhere else
          </button>
          <button type="button" className="button" onClick={() => void end("/api/sessions")}>
            <Icon name="out" size={18} /> Sign out everywhere
          </button>
        </div>
      </section>
    </>
  );
}

/** They are read when the page opens, and again when the connection comes back. */
function useSessions() {
  const send = useSend();
  const { status } = useConnection();
  const [sessions, setSessions] = useState<SessionsAnswer["sessions"]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const load = useCallback(() => {
    send<SessionsAnswer>("GET", "/api/sessions").then(
      (answer) => (setSessions(answer.sessions), setRefusal(undefined)),
      setRefusal,
    );
  }, [send]);
  useEffect(load, [load, status]);
  return { sessions, refusal, load, setRefusal };
}
