import { formatClock } from '../../../report/pure.ts'
import { sayAge } from '../say-age.ts'

/** When the next word is due, and whether it is late. */
export interface Due {
  readonly says: string
  readonly late: boolean
}

/** When customers hear more: an overdue word is said so. */
export function sayDue(due: string | undefined, serverTime: number): Due {
  if (due === undefined) return { says: 'no next word is promised', late: false }
  const late = serverTime - Date.parse(due)
  if (late > 0) return { says: `next word overdue for ${sayAge(late)}, since ${formatClock(due)}`, late: true }
  return { says: `next word at ${formatClock(due)}, in ${sayAge(-late)}`, late: false }
}

/** For how long an incident has been open, or was. */
export function sayLasted(declared: string, closed: string | undefined, serverTime: number): string {
  const until = closed === undefined ? serverTime : Date.parse(closed)
  return sayAge(Math.max(0, until - Date.parse(declared)))
}
