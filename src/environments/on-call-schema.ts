import * as z from 'zod/mini'
import { DURATION_PATTERN, documentKey } from '../base/index.ts'

const text = () => z.string().check(z.minLength(1))
const moment = () => z.optional(z.iso.datetime({ offset: true }))
const telephone = documentKey('With the code of the country', z.string().check(z.regex(/^\+?[\d ()/.-]{3,}$/)))
const after = documentKey('Minutes without an answer of those before', z._default(z.int().check(z.minimum(0)), 0))

/** Where `handbook.yaml` says that the rota comes from. No number stands in that file. */
export const onCall = z
  .strictObject({
    command: documentKey('A shell command that prints the rota, run in the folder of this file', z.optional(text())),
    file: documentKey('A file with the rota, relative to this one; keep it out of the repository', z.optional(text())),
    validFor: documentKey(
      'How old a rota may be, until it is called old',
      z._default(z.string().check(z.regex(DURATION_PATTERN)), '7d'),
    ),
  })
  .check(
    z.refine(
      ({ command, file }) => (command === undefined) !== (file === undefined),
      'expected either command or file',
    ),
  )

/** The shape of a rota, as YAML or JSON. */
export const rotaSchema = z.strictObject({
  written: documentKey(
    'When somebody last wrote the rota: ISO 8601 with its zone; the file’s own time without it',
    moment(),
  ),
  people: documentKey(
    'Who is called, and in which order',
    z.array(
      z.strictObject({
        team: documentKey('The id of an owner in `handbook.yaml`', text()),
        name: documentKey('Who answers', text()),
        telephone,
        after,
        from: documentKey('When the shift begins', moment()),
        until: documentKey('When the shift ends', moment()),
      }),
    ),
  ),
  outside: documentKey(
    'Who is called outside of the teams: those who run downstream, the provider, lawyers',
    z._default(
      z.array(
        z.strictObject({
          name: documentKey('Who it is', text()),
          telephone,
          for: documentKey('When they are called', text()),
        }),
      ),
      [],
    ),
  ),
})

/** Who is on call, and when. */
export type Rota = z.infer<typeof rotaSchema>
