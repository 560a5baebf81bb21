import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { ReactNode } from "react";

const ROW_PX = 37;

/** A list of any length, of which only what is seen is made. */
export function VirtualList({
  label,
  items,
  row,
}: {
  readonly label: string;
  readonly items: readonly string[];
  readonly row: (item: string) => ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  return (
    <div className="list-box" ref={box}>
      <ul aria-label={label} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start, size }) => (
          <li
            key={items[index]}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={{ height: size, transform: `translateY(${start}px)` }}
          >
            {row(items[index]!)}
          </li>
        ))}
      </ul>
    </div>
  );
}
