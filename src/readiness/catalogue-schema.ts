import * as z from 'zod/mini'
import { documentKey, type Problem, parseYaml } from '../base/index.ts'

const percent = z.number().check(z.minimum(0), z.maximum(100))
const id = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case words joined by hyphens'))

const item = z.strictObject({
  id: documentKey('What checks name behind `item=`', id),
  title: documentKey('What is asked for', z.string()),
  need: documentKey(
    'Whether every deployment needs it; what is `if-multi-user`, only one with more than one user',
    z._default(z.enum(['required', 'optional', 'if-multi-user']), 'required'),
  ),
  hours: documentKey(
    'Hours of work from nothing to a passing check, as estimated: they only rank what to do next',
    z.number().check(z.positive()),
  ),
})

const area = z.strictObject({
  id: documentKey('What an assessment page names as its `area`', id),
  title: documentKey('What the area is called', z.string()),
  priority: documentKey('How urgent it is: what its items weigh', z.enum(['high', 'medium', 'low'])),
  claimed: documentKey(
    'Percent that was claimed by hand, before anything was measured',
    z._default(z.nullable(percent), null),
  ),
  items: documentKey('What the area asks for', z.array(item).check(z.minLength(1))),
})

const claims = z.strictObject({
  overall: documentKey('Percent that was claimed of the whole', percent),
  complete: documentKey(
    'Parts that were called complete',
    z._default(z.array(z.strictObject({ title: z.string(), claimed: percent })), []),
  ),
})

/** The shape of a catalogue: what an assessment asks for. */
export const catalogueSchema = z
  .strictObject({
    areas: documentKey('What belongs together, and is assessed on one page', z.array(area).check(z.minLength(1))),
    claimed: documentKey('What was claimed by hand, beside the areas', z.optional(claims)),
  })
  .check(({ value, issues }) => {
    const known = new Set<string>()
    const demandNew = (id: string, ...path: PropertyKey[]) => {
      if (known.has(id)) issues.push({ code: 'custom', message: `there is another ${id}`, path, input: id })
      known.add(id)
    }
    value.areas.forEach(({ id, items }, at) => {
      demandNew(id, 'areas', at, 'id')
      items.forEach((item, index) => {
        demandNew(item.id, 'areas', at, 'items', index, 'id')
      })
    })
  })

/** What an assessment asks for: areas with their items, and what was claimed of them by hand. */
export type Catalogue = z.infer<typeof catalogueSchema>

/** Items that belong together, and are assessed on one page. */
export type Area = Catalogue['areas'][number]

/** One thing that an assessment asks for. */
export type Item = Area['items'][number]

/** Reads the text of a catalogue; wrong keys and values are named at their own place. */
export function parseCatalogue(
  text: string,
  file: string,
): { readonly catalogue: Catalogue } | { readonly problems: readonly Problem[] } {
  const result = parseYaml(text, catalogueSchema, { file, rule: 'handbook-file' })
  if ('data' in result) return { catalogue: result.data }
  return { problems: result.problems.map(problem => ({ ...problem, hint: 'See docs/contributing/write-a-check.md' })) }
}

/** The area that an item belongs to, and the item; `undefined` when there is no such item. */
export function findItem({ areas }: Catalogue, id: string): { readonly area: Area; readonly item: Item } | undefined {
  for (const area of areas) {
    const item = area.items.find(item => item.id === id)
    if (item) return { area, item }
  }
  return undefined
}

/** The mean of all claims, in percent: of the areas, and of the complete parts that are not areas. */
export function averageClaims({ areas, claimed }: Catalogue): number | null {
  const others = claimed?.complete.filter(({ title }) => !areas.some(area => area.title === title)) ?? []
  const all = [...areas, ...others].flatMap(({ claimed }) => claimed ?? [])
  if (all.length === 0) return null
  return Math.round((all.reduce((sum, claimed) => sum + claimed, 0) * 10) / all.length) / 10
}
