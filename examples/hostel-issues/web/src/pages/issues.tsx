import { useLive } from "@livecache/client/react";
import { useState } from "react";
import type { IssuesAnswer } from "../../../src/answers.ts";
import { CATEGORIES, STATUSES } from "../../../src/vocabulary.ts";
import type { Category, Status } from "../../../src/vocabulary.ts";
import { IssueForm } from "../parts/issue-form.tsx";
import { IssueRow } from "../parts/issue-row.tsx";
import { IssueSheet } from "../parts/issue-sheet.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { usePerson } from "../session.tsx";
import { Link, go, usePlace, withQuery } from "example-kit/web/router.tsx";
import { countOf } from "example-kit/web/words.ts";
import { CATEGORY_WORDS, STATUS_WORDS } from "../words.ts";
import type { Hostel } from "../../../src/answers.ts";

const PAGE_SIZE = 50;
const MOST = 500;

/** The issues of one hostel, newest first. */
export function IssuesPage({ hostel }: { hostel: Hostel }) {
  const person = usePerson();
  const place = usePlace();
  const status = STATUSES.find((one) => one === place.query.get("status"));
  const category = CATEGORIES.find((one) => one === place.query.get("category"));
  const shownIssue = Number(place.query.get("issue")) || undefined;
  const [limit, setLimit] = useState(PAGE_SIZE);
  const [writing, setWriting] = useState(false);
  const query = new URLSearchParams({
    ...(status && { status }),
    ...(category && { category }),
    limit: String(limit),
  });
  const { data: loaded, error, refetch } = useLive<IssuesAnswer>(`/api/hostels/${hostel.id}/issues?${query}`);
  const data = useKept(loaded);
  const report = (
    <button type="button" className="button button-main" onClick={() => setWriting(true)}>
      <Icon name="plus" /> Report an issue
    </button>
  );

  return (
    <>
      <PageHead title={hostel.name} note={data ? summaryOf(data) : hostel.address}>
        {report}
      </PageHead>
      <div className="filters">
        <StatusTabs counts={data?.counts} chosen={status} />
        <CategoryChoice chosen={category} />
      </div>
      {!data && !error && <Skeleton rows={6} height={86} />}
      {!data && error && <Trouble what="The issues" words={wordsFor(error)} onRetry={refetch} />}
      {data && data.issues.length === 0 && (
        <Empty title={status || category ? "No issue fits" : "Nothing is broken"}>
          {status || category ? (
            <Link href={place.path}>Show every issue of {hostel.name}</Link>
          ) : (
            <p>When something breaks in {hostel.name}, report it here.</p>
          )}
        </Empty>
      )}
      {data && data.issues.length > 0 && (
        <ul className="rows" aria-label={`Issues of ${hostel.name}`}>
          {data.issues.map((issue) => (
            <IssueRow
              key={issue.id}
              issue={issue}
              mayWork={person.role !== "student"}
              href={withQuery(place, { issue: String(issue.id) })}
            />
          ))}
        </ul>
      )}
      {data && data.issues.length === limit && limit < MOST && (
        <p className="more">
          <button type="button" className="button" onClick={() => setLimit(limit + PAGE_SIZE)}>
            Show more
          </button>
        </p>
      )}
      {writing && <IssueForm hostel={hostel} onClose={() => setWriting(false)} />}
      {shownIssue && (
        <IssueSheet
          key={shownIssue}
          issueId={shownIssue}
          onClose={() => go(withQuery(place, { issue: undefined }), "replace")}
        />
      )}
    </>
  );
}

/** The last data there was: another filter or a longer list does not blank the page while it loads. */
function useKept<T>(data: T | undefined): T | undefined {
  const [kept, setKept] = useState(data);
  if (data !== undefined && data !== kept) setKept(data);
  return data ?? kept;
}

function summaryOf({ counts }: IssuesAnswer): string {
  return `${countOf(counts.open, "open issue")}, ${counts.in_progress} in progress`;
}

function StatusTabs({
  counts,
  chosen,
}: {
  counts: IssuesAnswer["counts"] | undefined;
  chosen: Status | undefined;
}) {
  const place = usePlace();
  return (
    <nav className="tabs" aria-label="Status">
      {[undefined, ...STATUSES].map((status) => (
        <Link
          key={status ?? "all"}
          href={withQuery(place, { status })}
          aria-current={status === chosen ? "true" : undefined}
        >
          {status ? STATUS_WORDS[status] : "All"}
          {counts && (
            <span className="tab-count">
              {status ? counts[status] : counts.open + counts.in_progress + counts.resolved}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function CategoryChoice({ chosen }: { chosen: Category | undefined }) {
  const place = usePlace();
  return (
    <label className="choice">
      <span className="visually-hidden">Category</span>
      <select
        value={chosen ?? ""}
        onChange={(event) => go(withQuery(place, { category: event.target.value || undefined }))}
      >
        <option value="">Every category</option>
        {CATEGORIES.map((category) => (
          <option key={category} value={category}>
            {CATEGORY_WORDS[category]}
          </option>
        ))}
      </select>
    </label>
  );
}
