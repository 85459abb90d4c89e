import * as z from 'zod/mini'
import { describeIssue } from '../base/index.ts'
import { LabError } from './lab-error.ts'

const listSchema = z.object({
  notifications: z.array(
    z.object({
      receiver: z.string(),
      /** When it was sent: ISO 8601, UTC. */
      at: z.string(),
      alerts: z.array(z.object({ name: z.string(), severity: z.optional(z.string()) })),
    }),
  ),
})

/** A notification that a group of alerts fires, once until all of them have ended. */
type SentNotification = z.infer<typeof listSchema>['notifications'][number]

/** Reads the list of a lab's notifications. Throws a `LabError` for a value that is none. */
export function readNotifications(value: unknown): readonly SentNotification[] {
  const result = listSchema.safeParse(value, { error: describeIssue })
  if (result.success) return result.data.notifications
  throw new LabError('part-failed', 'the lab does not say who was notified')
}
