import { useChannel, useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { Link, usePlace, withQuery } from "example-kit/web/router.tsx";
import { countOf } from "example-kit/web/words.ts";
import { useState } from "react";
import type { AuditsAnswer } from "../../../src/answers.ts";
import { RESULTS } from "../../../src/vocabulary.ts";
import { AuditFilters } from "../parts/audit-filters.tsx";
import { AuditRow } from "../parts/audit-row.tsx";
import { WhoIsHere } from "../parts/who-is-here.tsx";
import type { Room } from "../parts/who-is-here.tsx";
import { usePerson } from "../session.tsx";
import { RESULT_WORDS, shareWords } from "../words.ts";

const PAGE_SIZE = 40;
const MOST = 200;

/** The audits, newest first: all of them for administrators, their own for inspectors. */
export function AuditsPage() {
  const { role } = usePerson();
  const { query } = usePlace();
  const [limit, setLimit] = useState(PAGE_SIZE);
  const wanted = new URLSearchParams({ limit: String(limit) });
  const result = RESULTS.find((one) => one === query.get("result"));
  if (result) wanted.set("result", result);
  for (const name of ["line", "machine"]) if (Number(query.get(name))) wanted.set(name, query.get(name)!);
  const { data: loaded, error, refetch } = useLive<AuditsAnswer>(`/api/audits?${wanted}`);
  const data = useKept(loaded);
  return (
    <>
      <PageHead title={role === "admin" ? "Audits" : "My audits"} note={data ? summaryOf(data) : "Loading…"}>
        <Link className="button button-main" href="/audits/new">
          <Icon name="plus" /> New audit
        </Link>
      </PageHead>
      {role === "admin" && <AuditRoom />}
      <AuditFilters result={result} counts={data?.counts} />
      {!data && !error && <Skeleton rows={6} height={74} />}
      {!data && error && <Trouble what="The audits" words={wordsFor(error)} onRetry={refetch} />}
      {data && data.audits.length === 0 && <NoAudits isFiltered={wanted.size > 1} />}
      {data && data.audits.length > 0 && (
        <ul className="rows" aria-label="Audits">
          {data.audits.map((audit) => (
            <AuditRow key={audit.id} audit={audit} />
          ))}
        </ul>
      )}
      {data && data.audits.length === limit && limit < MOST && (
        <p className="more">
          <button type="button" className="button" onClick={() => setLimit(limit + PAGE_SIZE)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

const ROOM: Room = { pattern: "audit-room", params: {} };

/** In the room as long as the page is open: who else is there, and what they do. */
function AuditRoom() {
  const { userId } = usePerson();
  const toast = useToast();
  useChannel(
    "audit-room",
    {},
    {
      "audit-created": ({ auditId, place, process, result, by }) => {
        if (by.id === userId) return;
        const icon = result === "passed" ? "check" : "alert";
        const title = `${RESULT_WORDS[result]}: ${process}`;
        toast({ title, body: `${place}, by ${by.name}`, icon, href: `/audits/${auditId}` });
      },
      "audit-deleted": ({ auditId, place, by }) => {
        if (by.id === userId) return;
        toast({ title: `Audit #${auditId} was deleted`, body: `${place}, by ${by.name}`, icon: "bin" });
      },
    },
  );
  return <WhoIsHere room={ROOM} />;
}

function NoAudits({ isFiltered }: { isFiltered: boolean }) {
  const place = usePlace();
  return (
    <Empty title={isFiltered ? "No audit fits" : "No audits yet"}>
      {isFiltered ? (
        <Link href={withQuery(place, { result: undefined, line: undefined, machine: undefined })}>
          Show all audits
        </Link>
      ) : (
        <p>Go to a machine and begin the first one.</p>
      )}
    </Empty>
  );
}

function summaryOf({ counts: { passed, failed } }: AuditsAnswer): string {
  const total = passed + failed;
  return total === 0 ? "None yet" : `${countOf(total, "audit")}, ${shareWords(passed / total)} passed`;
}

/** The last data there was: another filter or a longer list does not blank the page while it loads. */
function useKept<T>(data: T | undefined): T | undefined {
  const [kept, setKept] = useState(data);
  if (data !== undefined && data !== kept) setKept(data);
  return data ?? kept;
}
