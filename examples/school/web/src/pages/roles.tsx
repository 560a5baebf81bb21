import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { countOf } from "example-kit/web/words.ts";
import type { RolesAnswer } from "../../../src/answers.ts";
import { RIGHTS, ROLES } from "../../../src/vocabulary.ts";
import type { Right, Role } from "../../../src/vocabulary.ts";
import { useAct } from "../parts/use-act.ts";
import { RIGHT_WORDS, ROLE_WORDS } from "../words.ts";

/** What each role may do. It is looked up once an hour, and anew at once when it is changed here. */
export function RolesPage() {
  const { data, error, refetch } = useLive<RolesAnswer>("/api/roles");
  const { act } = useAct();
  const roles = ROLES.flatMap((name) => data?.roles.find((role) => role.name === name) ?? []);

  function toggle(role: Role, rights: readonly Right[], right: Right): void {
    const next = rights.includes(right) ? rights.filter((one) => one !== right) : [...rights, right];
    void act("PUT", `/api/roles/${role}`, { rights: next });
  }

  return (
    <>
      <PageHead title="Roles" note="What each role may do. The next request of anybody is judged by it." />
      {!data && !error && <Skeleton rows={6} height={120} />}
      {!data && error && <Trouble what="The roles" words={wordsFor(error)} onRetry={refetch} />}
      <div className="board">
        {roles.map(({ name, rights, people }) => (
          <section key={name} className="card span-4">
            <header className="card-head">
              <h2>{ROLE_WORDS[name]}</h2>
              <span className="faint">
                {people === 1 ? "1 person" : countOf(people, "person").replace("persons", "people")}
              </span>
            </header>
            <ul className="rights">
              {RIGHTS.map((right) => (
                <li key={right}>
                  <label>
                    <input
                      type="checkbox"
                      checked={rights.includes(right)}
                      onChange={() => toggle(name, rights, right)}
                    />
                    <span>{RIGHT_WORDS[right]}</span>
                  </label>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
