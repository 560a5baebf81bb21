import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useSurroundings } from "../api/context.ts";
import { Icon } from "./icon.tsx";

/** A page of the console: what it is called and about, what can be done, and what there is to see. */
export function Page({
  title,
  about,
  back,
  actions,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly back?: { readonly href: string; readonly title: string };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { about: own } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${own.title}`;
  }, [title, own.title]);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          {back && (
            <a className="back" href={back.href}>
              ← {back.title}
            </a>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** Something of a page, with a heading of its own. */
export function Card({
  title,
  about,
  aside,
  flush = false,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly aside?: ReactNode;
  /** What is in it reaches the borders: a table, a list. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        {aside}
        {about && <p>{about}</p>}
      </div>
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}

/** Asks again. */
export function Again({ onAgain, isAsking }: { readonly onAgain: () => void; readonly isAsking: boolean }) {
  return (
    <button type="button" className="button" onClick={onAgain} aria-disabled={isAsking}>
      <Icon name="again" size={16} /> Refresh
    </button>
  );
}
