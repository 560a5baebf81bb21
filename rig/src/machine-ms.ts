/** The machine's monotonic clock in milliseconds: the same for all processes. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
