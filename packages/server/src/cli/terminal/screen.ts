/** Where text is shown: a terminal has a width, a file or a pipe has none. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Widest line on this screen; `undefined` where lines have no end. */
export function widthOf(screen: Screen): number | undefined {
  return screen.isTTY ? screen.columns || 80 : undefined;
}
