import { createHash } from 'node:crypto'
import { makeRunId } from '../../journal/index.ts'
import type { OrderAnswer, RunOrder } from '../../operate/index.ts'
import type { BeginRun } from '../../wire/index.ts'
import { ownKey } from '../entrance/own-key.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { startRunner } from './start-runner.ts'

/** Begins runs. The same key begins one, also when the server was started again between. */
export type RunBeginner = (ask: BeginRun, person: string) => Promise<{ readonly run: string; readonly isNew: boolean }>

/** Begins runs with the parts of a server. */
export function createRunBeginner({ store, options, handbook, served, account }: ServerParts): RunBeginner {
  const starting = new Map<string, Promise<OrderAnswer>>()
  return async ({ key, ...ask }, person) => {
    if (!served.some(({ name }) => name === ask.environment))
      throw new Refused(422, `The environment ${ask.environment} is not served`)
    // A name that is a path would be a page of the sender's own.
    if (/[/\\]|\.mdx?$/.test(ask.page)) throw new Refused(422, `There is no page ${ask.page}`)
    const order = createHash('sha256')
      .update(JSON.stringify(sortKeys(ask)))
      .digest('hex')
    const begun = await store
      .noteBeginning(ownKey(person, key), { run: makeRunId(new Date()), order })
      .catch((error: Error) => {
        throw new Refused(503, 'Nothing can be recorded', error.message)
      })
    const { run } = begun
    if (begun.order !== order) throw new Refused(422, 'This key began something else')
    const isBegun = async () => ((await store.read(run))?.events.length ?? 0) > 0
    if (await isBegun()) return { run, isNew: false }
    const before = starting.get(run)
    const as = person === account ? {} : { as: person }
    const answer = before ?? startRunner({ run, ...ask, ...as } satisfies RunOrder, options.runner, handbook.root)
    starting.set(run, answer)
    const result = await answer.finally(() => starting.delete(run))
    if ('begun' in result) return { run, isNew: before === undefined }
    // Somebody who was not heard may have begun it meanwhile.
    if (await isBegun()) return { run, isNew: false }
    throw new Refused(result.refused === 'wrong' ? 422 : 409, result.message, result.hint)
  }
}

/** The same request, however its keys are ordered. */
function sortKeys(ask: Omit<BeginRun, 'key'>): unknown {
  const sort = (value: object) => Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return sort({ ...ask, params: sort(ask.params) })
}
