import { useId } from "react";
import type { Answered } from "../../../src/answers.ts";
import type { Refusal } from "example-kit/web/request.ts";

/** A question as it is being answered; `passed` is `undefined` until then. */
export interface Draft {
  readonly passed: boolean | undefined;
  readonly remark: string;
}

export interface ChecklistProps {
  readonly questions: readonly string[];
  /** By question. */
  readonly drafts: Readonly<Record<string, Draft>>;
  readonly errors: Refusal["fields"];
  readonly onAnswer: (question: string, draft: Draft) => void;
}

/** What has been answered, as the server takes it. */
export function answersOf({
  questions,
  drafts,
}: Pick<ChecklistProps, "questions" | "drafts">): Partial<Answered>[] {
  return questions.map((question) => {
    const { passed, remark = "" } = drafts[question] ?? {};
    return { question, remark: passed === false ? remark : "", ...(passed !== undefined && { passed }) };
  });
}

/** The questions of a process, each to be answered with pass or fail; what failed asks for a word. */
export function Checklist({ questions, drafts, errors, onAnswer }: ChecklistProps) {
  return (
    <ol className="checklist">
      {questions.map((question, at) => (
        <Question
          key={question}
          question={question}
          draft={drafts[question] ?? { passed: undefined, remark: "" }}
          error={errors[`answers.${at}.passed`] ?? errors[`answers.${at}.remark`]}
          onAnswer={(draft) => onAnswer(question, draft)}
        />
      ))}
    </ol>
  );
}

interface QuestionProps {
  readonly question: string;
  readonly draft: Draft;
  readonly error: string | undefined;
  readonly onAnswer: (draft: Draft) => void;
}

function Question({ question, draft: { passed, remark }, error, onAnswer }: QuestionProps) {
  const id = useId();
  return (
    <li className="question">
      <fieldset className="segments">
        <legend>{question}</legend>
        {[true, false].map((value) => (
          <label key={String(value)} className={value ? "segment-pass" : "segment-fail"}>
            <input
              type="radio"
              name={id}
              required
              checked={passed === value}
              onChange={() => onAnswer({ passed: value, remark })}
            />
            <span>{value ? "Pass" : "Fail"}</span>
          </label>
        ))}
      </fieldset>
      {passed === false && (
        <div className="field">
          <label htmlFor={`${id}-remark`}>What is wrong?</label>
          <input
            id={`${id}-remark`}
            required
            minLength={3}
            maxLength={300}
            value={remark}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `${id}-error` : undefined}
            onChange={(event) => onAnswer({ passed, remark: event.target.value })}
          />
        </div>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </li>
  );
}
