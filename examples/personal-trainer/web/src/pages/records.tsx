import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { RecordsView } from "../parts/records-view.tsx";
import { usePerson } from "../session.tsx";

/** A member's personal records. */
export function RecordsPage() {
  const { userId } = usePerson();
  return (
    <>
      <PageHead title="Records" note="The heaviest of every exercise, and where your sets go." />
      <RecordsView userId={userId} />
    </>
  );
}
