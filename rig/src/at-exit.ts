const left = new Set<() => void>();

function endAll(): void {
  for (const end of left) end();
}

/** Has something ended when this process exits. Answers what calls that off. */
export function atExit(end: () => void): () => void {
  // One listener for all of them: Node takes many for a leak.
  if (!process.listeners("exit").includes(endAll)) process.on("exit", endAll);
  left.add(end);
  return () => void left.delete(end);
}
