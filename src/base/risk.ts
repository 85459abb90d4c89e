/** What a step may do: read, change something, or do something that cannot be rolled back. */
export type Risk = 'read' | 'change' | 'danger'

const ORDER: readonly Risk[] = ['read', 'change', 'danger']

/** Whether `risk` is within what `limit` allows. */
export function isWithin(risk: Risk, limit: Risk): boolean {
  return ORDER.indexOf(risk) <= ORDER.indexOf(limit)
}
