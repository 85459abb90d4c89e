import type { Proof } from '../journal/index.ts'
import type { FeltView } from './view-types.ts'

type Course = NonNullable<NonNullable<Proof['felt']>['course']>

/** What was felt while a drill went on, as a picture and in words; nothing when the proof does not tell when. */
export function viewFelt({ felt, moments, workload }: Proof): FeltView | undefined {
  const course = felt?.course
  if (!course || !moments || !workload) return undefined
  const { broken, fired, healing, healed, escalated, cleared } = moments
  const marks: FeltView['marks'][number][] = [['fault', broken]]
  if (fired !== undefined) marks.push(['alert', fired])
  if (healing !== undefined) marks.push(['page', healing])
  if (healed !== undefined) marks.push(['healed', healed])
  if (escalated !== undefined) marks.push(['escalated', escalated])
  if (cleared !== undefined) marks.push(['clear', cleared])
  return { ...course, name: workload.name, marks }
}

/** How many failed or were late before the fault, until the page had healed, and after it: `before it 0 of 92, …`. */
export function sayFeltWhen({ felt, moments }: Proof): string | undefined {
  const course = felt?.course
  if (!course || !moments) return undefined
  const { broken, healed } = moments
  const say = (when: string, from: number, to: number) => {
    const { all, failed, slow } = sumUp(course, from, to)
    return `${when} ${failed} of ${all}${slow > 0 ? `, ${slow} late` : ''}`
  }
  const end = Number.POSITIVE_INFINITY
  const before = say('before it', 0, broken)
  if (healed === undefined) return `${before}; from then on ${say('', broken, end).trim()}`
  return [before, say('until it was healed', broken, healed), say('after that', healed, end)].join('; ')
}

function sumUp({ span, well, slow, failed }: Course, from: number, to: number) {
  // A span belongs where it begins.
  const isIn = (_: number, index: number) => index * span >= from && index * span < to
  const sum = (counts: readonly number[]) => counts.filter(isIn).reduce((total, count) => total + count, 0)
  const late = sum(slow)
  const given = sum(failed)
  return { all: sum(well) + late + given, failed: given, slow: late }
}
