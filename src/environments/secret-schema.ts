import * as z from 'zod/mini'
import { DURATION_PATTERN, documentKey } from '../base/index.ts'

const text = () => z.optional(z.string())

/** Where an environment has a secret from, and which steps get it. */
export const secret = z
  .strictObject({
    env: documentKey('The variable that holds the secret, in the shell of the person who runs the procedure', text()),
    file: documentKey('The file that holds the secret, relative to `handbook.yaml`', text()),
    command: documentKey(
      'The shell command that prints the secret, such as `pass show web`, run in the folder of `handbook.yaml`',
      text(),
    ),
    issue: documentKey(
      'The shell command that issues the secret for one step that changes something, and prints it; it is asked right before the step',
      text(),
    ),
    lifetime: documentKey(
      'How long an issued secret is valid, such as `5m`: a step that may take longer is not run',
      z.optional(z.string().check(z.regex(DURATION_PATTERN))),
    ),
    for: documentKey(
      'The steps that get the secret: with `read`, all steps; with `change`, steps that change something',
      z._default(z.enum(['read', 'change']), 'change'),
    ),
  })
  .check(
    z.refine(
      ({ env, file, command, issue }) =>
        [env, file, command, issue].filter(source => source !== undefined).length === 1,
      'expected exactly one of env, file, command and issue',
    ),
    z.refine(
      ({ issue, for: who }) => issue === undefined || who === 'change',
      'what is issued for one step is for: change',
    ),
    z.refine(({ issue, lifetime }) => lifetime === undefined || issue !== undefined, 'lifetime is of what is issued'),
  )
