import type { Look } from "../api/use-look.ts";
import { useAct } from "./act-dialog.tsx";
import { changeAct } from "./blast.tsx";
import { Again } from "./page.tsx";

export interface ChangeButtonsProps {
  /** What the page shows; asked for again after the change. */
  readonly look: Pick<Look<unknown>, "again" | "isAsking">;
  readonly tag: string;
  /** What the change is called here. */
  readonly words: string;
}

/** Asks again, and, for whoever may act, changes the tag that the page is about. */
export function ChangeButtons({ look, tag, words }: ChangeButtonsProps) {
  const open = useAct();
  return (
    <>
      <Again onAgain={look.again} isAsking={look.isAsking} />
      {open && (
        <button type="button" className="button danger" onClick={() => open(changeAct([tag], look.again))}>
          {words}
        </button>
      )}
    </>
  );
}
