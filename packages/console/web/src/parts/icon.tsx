const PATHS = {
  overview: "M3 12h4l3-8 4 15 3-9 1.5 2H21",
  caches:
    "M4 6c0-1.7 3.6-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3Zm0 0v6c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12v6c0 1.700 3.600 3 8 3s8-1.300 8-3v-6",
  keys: "M14.500 9.500a5 5 0 1 0-4.600 5L11 16h2v2h2v2h4v-3.500l-5.100-5.100c.4-.600.600-1.200.600-1.900ZM8.500 8.500h.01",
  tags: "M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9-9-9Zm4.500-4.500h.01",
  changes: "M4 6h6m-6 6h10M4 18h16M13 3l3 3-3 3",
  sockets: "M9 3v5m6-5v5M6 8h12v3a6 6 0 0 1-12 0V8Zm6 9v4",
  channels: "M4 9h16M4 15h16M10 3 8 21m8-18-2 18",
  users:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 9c0-3.300 3-6 7-6s7 2.700 7 6m0-16.500a4 4 0 0 1 0 7M18.500 14.500c2.100.800 3.500 2.900 3.500 5.500",
  map: "m9 4-6 2v14l6-2 6 2 6-2V4l-6 2-6-2Zm0 0v14m6-12v14",
  feed: "M4 6h.01M8 6h12M4 12h.01M8 12h12M4 18h.01M8 18h12",
  ground: "M4 4h16v6H4V4Zm0 10h16v6H4v-6Zm4-7h.01M8 17h.01",
  nodes:
    "M12 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM5 22a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm14 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10.500 7.600 6.500 16.300m7-8.700 4 8.700M8 19h8",
  audit: "M9 3h6v3H9V3ZM7 4.500H5V21h14V4.500h-2M9 12l2 2 4-4m-6 8h6",
  good: "m5 12.500 4.500 4.500L19 7.500",
  warn: "M12 4 2.500 20h19L12 4Zm0 6v4.500m0 2.500h.01",
  bad: "M6 6l12 12M18 6 6 18",
  again: "M20 11a8 8 0 1 0-2.300 6.300M20 4v7h-7",
  menu: "M4 7h16M4 12h16M4 17h16",
  pause: "M8 5v14m8-14v14",
  play: "M7 4v16l13-8L7 4Z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  write: "M4 20h4L19 9l-4-4L4 16v4Z",
  log: "M6 3h12v18l-3-2-3 2-3-2-3 2V3Zm3 5h6m-6 4h6",
  drop: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  screen: "M3 4h18v12H3V4Zm6 16h6m-3-4v4",
  read: "M2 12s3.600-7 10-7 10 7 10 7-3.600 7-10 7-10-7-10-7Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A small drawing; it says nothing that does not stand beside it in words. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size > 24 ? 1.6 : 1.9}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
