import { useLive } from "@livecache/client/react";
import { statusOf, wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { Link } from "example-kit/web/router.tsx";
import { countOf, dayWords } from "example-kit/web/words.ts";
import type { FormEvent } from "react";
import type { AssessmentAnswer } from "../../../src/answers.ts";
import { useAct } from "../parts/use-act.ts";

/** Entering grades of one assessment. Nothing is sent before it is saved; then students and parents see it at once. */
export function GradingPage({ id }: { id: string }) {
  const path = `/api/assessments/${id}/grades`;
  const { data, error, refetch } = useLive<AssessmentAnswer>(path);
  const { busy, act } = useAct();
  const toast = useToast();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy || !data) return;
    const values = new FormData(event.currentTarget);
    const points = Object.fromEntries(
      data.students.flatMap((one) => {
        const text = String(values.get(one.id) ?? "").trim();
        const now = text === "" ? null : Number(text);
        return now === one.points ? [] : [[one.id, now] as const];
      }),
    );
    const count = Object.keys(points).length;
    if (count === 0) return;
    if (await act("PUT", path, { points })) {
      toast({
        title: `${countOf(count, "grade")} saved`,
        body: "Students and parents see them now.",
        icon: "check",
      });
    }
  }

  const isShut = error !== undefined && statusOf(error) === 503;
  return (
    <>
      <PageHead
        title={data?.title ?? "Grades"}
        note={data ? `${data.subject}, class ${data.className}, ${dayWords(data.day)}` : "Points of 100"}
      >
        <Link className="button" href="/">
          Done
        </Link>
      </PageHead>
      {!data && !error && <Skeleton rows={8} height={52} />}
      {error && (isShut || !data) && (
        <Trouble
          what="The grades"
          words={
            isShut ? "They are shut until the server knows for certain who is signed in." : wordsFor(error)
          }
          onRetry={refetch}
        />
      )}
      {data && !isShut && (
        <form className="card grading" onSubmit={submit}>
          <ul>
            {data.students.map(({ id: studentId, name, points }) => (
              <li key={`${studentId}:${points}`}>
                <label htmlFor={`points-${studentId}`}>{name}</label>
                <input
                  id={`points-${studentId}`}
                  name={studentId}
                  type="number"
                  inputMode="numeric"
                  min={0}
                  max={100}
                  step={1}
                  placeholder="–"
                  defaultValue={points ?? ""}
                />
              </li>
            ))}
          </ul>
          <div className="grading-foot">
            <p className="faint">
              {data.students.filter(({ points }) => points !== null).length} of {data.students.length} entered
            </p>
            <button type="submit" className="button button-main" aria-disabled={busy}>
              {busy ? "Saving…" : "Save grades"}
            </button>
          </div>
        </form>
      )}
    </>
  );
}
