import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { initials } from "example-kit/web/words.ts";
import type { PeopleAnswer } from "../../../src/answers.ts";
import { WORKING_ROLES } from "../../../src/vocabulary.ts";
import { useAct } from "../parts/use-act.ts";
import { usePerson } from "../session.tsx";
import { ROLE_WORDS } from "../words.ts";

/** Who works at the school, and as what. A new role counts at once, on pages that are open. */
export function PeoplePage() {
  const { userId } = usePerson();
  const { data, error, refetch } = useLive<PeopleAnswer>("/api/people");
  const { busy, act } = useAct();
  return (
    <>
      <PageHead
        title="People"
        note="Another role takes effect at once: open pages change, and so does what they may do."
      />
      {!data && !error && <Skeleton rows={6} height={64} />}
      {!data && error && <Trouble what="The people" words={wordsFor(error)} onRetry={refetch} />}
      {data && (
        <ul className="card rows">
          {data.people.map(({ id, name, role, post }) => (
            <li key={id} className="row">
              <span className={`avatar role-${role}`} aria-hidden="true">
                {initials(name)}
              </span>
              <span className="row-text">
                <strong>{name}</strong>
                <span>{post ?? ROLE_WORDS[role]}</span>
              </span>
              {id === userId ? (
                <span className="faint">You</span>
              ) : (
                <label className="role-choice">
                  <span className="visually-hidden">Role of {name}</span>
                  <select
                    value={role}
                    aria-disabled={busy}
                    onChange={(event) =>
                      void act("PUT", `/api/people/${id}/role`, { role: event.target.value })
                    }
                  >
                    {WORKING_ROLES.map((one) => (
                      <option key={one} value={one}>
                        {ROLE_WORDS[one]}
                      </option>
                    ))}
                  </select>
                </label>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
