import { gradeOf } from "../../../src/quality.ts";
import { GRADE_WORDS } from "../words.ts";

/** A quality in a word, with its colour beside it. */
export function GradeChip({ quality }: { quality: number | null }) {
  const grade = quality === null ? undefined : gradeOf(quality);
  return (
    <span className={`grade grade-${grade ?? "unknown"}`}>{grade ? GRADE_WORDS[grade] : "Not measured"}</span>
  );
}
