import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

const chat = z.strictObject({
  variable: documentKey(
    'The variable that holds the URL of the chat’s webhook: whoever has it may write there',
    z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'expected the name of a variable')),
  ),
  form: documentKey(
    'How the chat wants a message: `slack`, a text as Slack and Mattermost take it; `json`, each field by its name',
    z._default(z.enum(['slack', 'json']), 'slack'),
  ),
})

/** Who is told that an approval is awaited, and of incidents. */
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
    chat: documentKey('The chat that is told of incidents: `variable` and `form`', z.optional(chat)),
  })
  .check(
    z.refine(
      ({ command, webhook, chat }) => command !== undefined || webhook !== undefined || chat !== undefined,
      'expected command, webhook or chat',
    ),
  )
