import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

/** Who is told that an approval is awaited. */
export const notify = z
  .strictObject({
    command: documentKey(
      'A shell command, run in the folder of this file, with the message as JSON on stdin and in `HANDBOOK_…` variables',
      z.optional(z.string().check(z.minLength(1))),
    ),
    webhook: documentKey(
      'A URL to which the message is posted as JSON; `text` is a line for a chat',
      z.optional(z.url({ protocol: /^https?$/ })),
    ),
  })
  .check(
    z.refine(
      ({ command, webhook }) => command !== undefined || webhook !== undefined,
      'expected command or webhook, or both',
    ),
  )
