import { findClosest } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Place } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { oneOf, type Violation, violation } from '../rule.ts'
import { isDay } from './reviews.ts'

/** A step that an environment names, with the keys below which it stands. */
interface NamedStep {
  readonly page: string
  readonly step: string
  readonly owner?: string
  readonly until?: string
  readonly at: readonly string[]
}

/** Finds what environments acknowledge or approve and would never apply: it names no page, step or owner, or its day has passed. */
export function judgeNamedSteps(
  { environments, owners }: HandbookFile,
  pages: readonly Page[],
  placeOf: (path: readonly string[]) => Place,
  today: string,
): Violation[] {
  const byId = new Map(pages.map(({ procedure }) => [procedure.id, procedure]))
  return Object.entries(environments)
    .flatMap(([name, environment]) =>
      (['acknowledged', 'approvedBeforehand'] as const).flatMap(key =>
        environment[key].map((named, index): NamedStep => ({ ...named, at: ['environments', name, key, `${index}`] })),
      ),
    )
    .flatMap(({ page, step, owner, until, at }) => {
      const procedure = byId.get(page)
      const steps = procedure?.phases.flatMap(({ steps }) => steps.map(({ id }) => id)) ?? []
      return [
        ...(procedure ? [] : [unknown(`No page has the id ${page}`, page, [...byId.keys()], [...at, 'page'])]),
        ...(!procedure || steps.includes(step)
          ? []
          : [unknown(`${procedure.path} has no step ${step}`, step, steps, [...at, 'step'])]),
        ...(owner === undefined || Object.hasOwn(owners, owner)
          ? []
          : [unknown(`handbook.yaml names no owner ${owner}`, owner, Object.keys(owners), [...at, 'owner'])]),
        ...judgeDay(until, [...at, 'until']),
      ]
    })

  function judgeDay(until: string | undefined, path: readonly string[]): Violation[] {
    if (until === undefined || (isDay(until) && until >= today)) return []
    const message = isDay(until)
      ? `Its day, ${until}, has passed: the finding fails its routine again`
      : `${until} is not a day`
    const hint = 'Remove the entry when it is mended; else find out what keeps its owner, and write a new day'
    return [violation(placeOf(path), message, { found: until, hint })]
  }

  function unknown(message: string, found: string, known: readonly string[], path: readonly string[]): Violation {
    const closest = findClosest(found, known)
    const hint = closest === undefined ? 'Correct it, or remove the entry' : `Did you mean ${closest}?`
    return violation(placeOf(path), message, { found, expected: oneOf(known), hint })
  }
}
