import type { ReactNode } from "react";
import type { Look } from "../api/use-look.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

/** Nothing is there, and why that may be. */
export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="state">
      <Icon name={icon} size={38} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** It is on its way. */
export function Waiting() {
  return (
    <div className="waiting" role="status">
      <i />
      <i />
      <i />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}

/** Shows an answer; before there is one, that it is on its way or why it is not. What came before stays when a later question fails. */
export function Shown<T>({
  look,
  children,
}: {
  readonly look: Look<T>;
  readonly children: (found: T) => ReactNode;
}) {
  const { found, refused, again } = look;
  if (found === undefined && !refused) return <Waiting />;
  if (found === undefined) {
    return (
      <div className="state" role="alert">
        <Icon name="warn" size={38} />
        <h2>That could not be read</h2>
        <p>{refused?.message}</p>
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      </div>
    );
  }
  return (
    <>
      {refused && (
        <p className="notice" role="status">
          What stands here is older: {refused.message}
        </p>
      )}
      {children(found)}
    </>
  );
}

/** Nodes that did not answer. */
export function Missing({ nodes }: { readonly nodes: readonly string[] }) {
  if (nodes.length === 0) return null;
  return (
    <p className="notice" role="status">
      <Icon name="warn" />
      {nodes.length === 1 ? "One node" : `${nodes.length} nodes`} did not answer within half a second:{" "}
      {nodes.join(", ")}. What they know is not in this.
    </p>
  );
}
