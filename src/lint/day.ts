/** Milliseconds of a day. */
export const DAY = 86_400_000

/** Whether a text is a day of the calendar, as an ISO date. */
export function isDay(text: string): boolean {
  const date = Date.parse(text)
  // Some engines roll 31 February over to March.
  return !Number.isNaN(date) && new Date(date).toISOString().slice(0, 10) === text
}
