const DAY_MS = 86_400_000;

/** Today (UTC) as `2026-11-20`, or the day so many days ago. */
export function dayAgo(days = 0, nowMs = Date.now()): string {
  return new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10);
}

/** Which day of the timetable a day is, 1 to 5. The demonstration has no weekend: Saturday and Sunday play a Friday. */
export function weekdayOf(day: string): number {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 ? 5 : Math.min(5, weekday);
}

/** Today and the school days before it, so many in all, today last. */
export function schoolDays(count: number, nowMs = Date.now()): string[] {
  const days = [dayAgo(0, nowMs)];
  for (let ago = 1; days.length < count; ago += 1) {
    const day = dayAgo(ago, nowMs);
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.unshift(day);
  }
  return days;
}
