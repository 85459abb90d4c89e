import { posix } from 'node:path'
import { parse } from 'yaml'
import { type Place, readTree } from '../../procedure/index.ts'
import { listCodeMarks, readCodeValue } from '../quantities/code-marks.ts'
import { hasMarks, listMarks, listPlainNumbers } from '../quantities/marks.ts'
import { readQuantities } from '../quantities/read-quantities.ts'
import { endsWith } from '../quantities/write-quantities.ts'
import { describeUnknown, type FileViolation, type Rule, type Violation, violation } from '../rule.ts'

/** A number that pages share stands in one file, and its source has the same value. */
export const quantitiesFile: Rule = {
  id: 'quantities-file',
  severity: 'error',
  summary: 'The file of quantities can be read, and each quantity has one source, which has the same value',
  hint: 'Correct the file; its keys are described in docs/contributing/handbook-file.md',
  async checkHandbook(_pages, { handbook, readText }) {
    const { quantities = {}, problems } = await readQuantities(handbook.file, readText)
    const file = handbook.file.quantities?.file ?? ''
    const text = (await readText(file)) ?? ''
    const wrong = await Promise.all(
      Object.entries(quantities).map(async ([id, { value, configuration }]): Promise<FileViolation[]> => {
        if (configuration === undefined) return []
        const [path = '', key = ''] = configuration.split('#')
        const found = readKey(await readText(posix.normalize(path)), key)
        if (found !== undefined && normalise(found) === normalise(value)) return []
        const line = text.split('\n').findIndex(line => line.startsWith(`${id}:`)) + 1
        const message = found === undefined ? `${path} has no key ${key}` : `${id} is another value in ${path}`
        return [
          { file, ...violation({ line, column: 1 }, message, { found: value, expected: found ?? configuration }) },
        ]
      }),
    )
    return [...problems.map(({ severity: _, rule: __, ...problem }) => problem), ...wrong.flat()]
  },
}

/** A quantity that is named is one that there is, and the page says its value. */
export const quantityKnown: Rule = {
  id: 'quantity-known',
  severity: 'error',
  summary: 'Behind a number, `<!-- =ID -->` names a quantity, and the number is its value',
  hint: 'Run: handbook check --fix. It writes the values of quantities into pages',
  async checkReferences({ path }, { handbook, readText }) {
    const text = await readText(path)
    if (text === undefined || !hasMarks(text)) return []
    const { quantities, problems } = await readQuantities(handbook.file, readText)
    if (problems.length > 0) return []
    const known = quantities ?? {}
    const judge = (id: string, place: Place, differs: (value: string) => Differs | undefined): Violation[] => {
      const quantity = Object.hasOwn(known, id) ? known[id] : undefined
      if (!quantity) return [violation(place, `There is no quantity ${id}`, describeUnknown(id, Object.keys(known)))]
      const found = differs(quantity.value)
      return found ? [violation(place, `Before this mark stands not the value of ${id}`, found)] : []
    }
    const tree = readTree(text, path, () => {})
    return [
      ...listMarks(tree).flatMap(({ id, offset, ...place }) =>
        judge(id, place, value => {
          const before = text.slice(0, offset)
          const found = before.split('\n').at(-1)?.trim().slice(-40) ?? ''
          return endsWith(before, value) ? undefined : { expected: value, found }
        }),
      ),
      ...listCodeMarks(tree, text).flatMap(({ id, number, ...place }) =>
        judge(id, place, value => {
          const expected = readCodeValue(value)
          if (expected === undefined) return { expected: 'a share, a time or a size', found: value }
          return number?.value === expected
            ? undefined
            : { expected: `${expected}`, found: `${number?.value ?? 'no number'}` }
        }),
      ),
    ]
  },
}

interface Differs {
  readonly expected: string
  readonly found: string
}

/** A number that stands on two pages is soon two numbers. */
export const quantityBound: Rule = {
  id: 'quantity-bound',
  severity: 'warning',
  summary: 'A number with a unit, on the pages that handbook.yaml names under quantities, is a quantity',
  hint: 'Give it a line in the file of quantities, and write <!-- =ID --> behind it; or say it without a number',
  checkPage({ path, text, tree }, { file }) {
    const covered = file.quantities?.in ?? []
    if (!covered.some(place => path === place || path.startsWith(`${place}/`))) return []
    return listPlainNumbers(tree, text).map(({ text: found, ...place }) =>
      violation(place, `${found} is bound to no quantity`, { found }),
    )
  },
}

function readKey(text: string | undefined, key: string): string | undefined {
  if (text === undefined) return undefined
  let value: unknown = parse(text, { logLevel: 'error' })
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([name]) => name === part)?.[1]
  }
  return value === undefined ? undefined : String(value)
}

const UNITS: Readonly<Record<string, string>> = { day: 'd', hour: 'h', minute: 'min', m: 'min', second: 's', week: 'w' }

/** One spelling of a value: a configuration says `24h`, and a page says `24 hours`. */
function normalise(value: string): string {
  const [, number, unit = ''] = /^([\d.,]+)\s*([A-Za-z]+?)s?$/.exec(value) ?? []
  return number === undefined ? value : `${number} ${UNITS[unit] ?? unit}`
}
