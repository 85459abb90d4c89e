import * as z from 'zod/mini'

/** How often a receiver of notifications was told that something fires: once for each group of alerts, until all in it ended. */
export const notifiedSchema = z.object({
  receiver: z.string(),
  /** Whether it wakes somebody. */
  wakes: z.boolean(),
  times: z.number(),
  alerts: z.array(z.string()),
  severities: z.array(z.string()),
  /** From the fault to the first of them. */
  seconds: z.number(),
})

/** What a receiver was notified of during a drill. */
export type Notified = z.infer<typeof notifiedSchema>

/** Whom a drill woke, in one line: `woke somebody once, after 15 s`. */
export function describeWaking({
  notifications,
}: {
  readonly notifications?: readonly Notified[] | undefined
}): string {
  if (!notifications) return 'who was notified is unknown'
  const waking = notifications.filter(({ wakes }) => wakes)
  if (waking.length > 0) {
    const times = waking.reduce((sum, one) => sum + one.times, 0)
    return `woke somebody ${sayTimes(times)}, after ${Math.min(...waking.map(({ seconds }) => seconds))} s`
  }
  const [ticket] = notifications
  return ticket ? `made a ticket after ${ticket.seconds} s, and woke nobody` : 'notified nobody'
}

function sayTimes(times: number): string {
  return ['once', 'twice'][times - 1] ?? `${times} times`
}
