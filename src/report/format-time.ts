/** A time of day in the zone of this machine, such as `03:12:04`. */
export function formatClock(time: string): string {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':')
}

/** A moment in the zone of this machine: `today 03:12`, `yesterday 23:59`, or `2026-11-22 03:12`. */
export function formatMoment(time: string, now: Date): string {
  const at = new Date(time)
  const day = formatDay(at)
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  const name = day === formatDay(now) ? 'today' : day === formatDay(yesterday) ? 'yesterday' : day
  return `${name} ${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** A day in the zone of this machine, such as `2026-11-22`. */
export function formatDay(at: Date): string {
  return [String(at.getFullYear()).padStart(4, '0'), pad(at.getMonth() + 1), pad(at.getDate())].join('-')
}

/** The zone of this machine at a time: `UTC`, `CET`, `GMT+5:30`. */
export function nameZone(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time'
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
