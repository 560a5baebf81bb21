import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useApp } from "../app.tsx";

export interface PageHeadProps {
  readonly title: string;
  readonly note: string;
  readonly children?: ReactNode;
}

/** The heading of a page. It takes the focus from the link that led here, so that keyboard and screen reader follow. */
export function PageHead({ title, note, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { name } = useApp();
  useEffect(() => {
    document.title = `${title} · ${name}`;
    if (document.activeElement !== document.body) heading.current?.focus({ preventScroll: true });
  }, [title, name]);
  return (
    <header className="page-head">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{note}</p>
      </div>
      {children}
    </header>
  );
}
