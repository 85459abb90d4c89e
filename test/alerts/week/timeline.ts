/** Minutes of a day and of a week. */
export const DAY = 24 * 60
export const WEEK = 7 * DAY

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** The minute of the week of a day and a time: `Tue 14:00`. */
export function minuteOf(moment: string): number {
  const [, day = '', hour, minute] = /^(\w{3}) (\d\d):(\d\d)$/.exec(moment) ?? []
  const at = DAYS.indexOf(day)
  if (at < 0) throw new RangeError(`“${moment}” is no moment of a week`)
  return at * DAY + Number(hour) * 60 + Number(minute)
}

/** The day and the time of a minute of the week. */
export function formatMinute(minute: number): string {
  const [hour, rest] = [Math.floor((minute % DAY) / 60), minute % 60]
  return `${DAYS[Math.floor(minute / DAY)]} ${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** Whether a minute is within so many minutes from a moment on. */
export function isWithin(minute: number, moment: string, minutes: number): boolean {
  const from = minuteOf(moment)
  return minute >= from && minute < from + minutes
}

/** Uploads in a minute that are usual at an hour of a working day. */
// biome-ignore format: a day
const HOURLY = [
  0.6, 0.4, 0.3, 0.3, 0.4, 1, 3, 9, 22, 30, 32, 30, 24, 30, 30, 26, 22, 16, 11, 8, 5, 3, 1.8, 1,
]

/** The uploads that are usual in this minute of the week: between two hours, the number goes evenly from one to the other. */
export function usualUploads(minute: number): number {
  const hour = Math.floor((minute % DAY) / 60)
  const [here = 0, next = 0] = [HOURLY[hour], HOURLY[(hour + 1) % 24]]
  return (here + ((next - here) * (minute % 60)) / 60) * (1 - 0.8 * weekendAt(minute))
}

/** How much it is the weekend, which has a fifth of a working day's uploads: it begins on Friday evening, and ends on Sunday night. */
function weekendAt(minute: number): number {
  const [begins, ends] = [minuteOf('Fri 17:00'), minuteOf('Sun 22:00')]
  const [since, left] = [(minute - begins) / (12 * 60), (ends + 120 - minute) / 120]
  return Math.max(Math.min(since, left, 1), 0)
}
