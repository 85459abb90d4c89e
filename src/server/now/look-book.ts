import type { AlertLook } from '../../wire/index.ts'

/** An alert as it arrived: its labels, and since when it fires, ISO 8601. */
interface Arrived {
  readonly labels: Readonly<Record<string, string>>
  readonly since: string
}

/** What looked at alerts before anybody did, by environment. It is made anew from the record when the server is started again. */
export interface LookBook {
  find(environment: string, alert: Arrived): AlertLook | undefined
  note(environment: string, alert: Arrived, look: AlertLook): void
  /** Forgets what is not among these alerts any more. */
  keep(environment: string, alerts: readonly Arrived[]): void
}

/** A book in which nothing is noted yet. */
export function createLookBook(): LookBook {
  const books = new Map<string, Map<string, AlertLook>>()
  const open = (environment: string) => books.get(environment) ?? new Map<string, AlertLook>()
  return {
    find: (environment, alert) => open(environment).get(nameArrived(alert)),
    note(environment, alert, look) {
      books.set(environment, open(environment).set(nameArrived(alert), look))
    },
    keep(environment, alerts) {
      const names = new Set(alerts.map(nameArrived))
      for (const name of open(environment).keys()) if (!names.has(name)) open(environment).delete(name)
    },
  }
}

function nameArrived({ labels, since }: Arrived): string {
  return JSON.stringify([since, Object.entries(labels).toSorted()])
}
