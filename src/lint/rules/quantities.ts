import type { HandbookFile } from '../../environments/index.ts'
import type { Place } from '../../procedure/index.ts'
import { isCodeValue, readCodeValue } from '../quantities/code-marks.ts'
import { listPlainNumbers } from '../quantities/marks.ts'
import { listPlainThresholds } from '../quantities/plain-thresholds.ts'
import { compareSources } from '../quantities/sources.ts'
import { endsWith } from '../quantities/write-quantities.ts'
import { describeUnknown, type FileViolation, type Rule, type Violation, violation } from '../rule.ts'

/** A number that pages share stands in one file, and its source has the same value. */
export const quantitiesFile: Rule = {
  id: 'quantities-file',
  severity: 'error',
  summary: 'The file of quantities can be read, and each quantity has one source, which has the same value',
  hint: 'Correct the file; its keys are described in docs/contributing/handbook-file.md',
  async checkHandbook(_pages, { handbook, readText, readQuantities, rules: { rules } }) {
    const { quantities = {}, problems } = await readQuantities()
    const file = handbook.file.quantities?.file ?? ''
    const lines = ((await readText(file)) ?? '').split('\n')
    const wrong = await Promise.all(
      Object.entries(quantities).map(async ([id, quantity]): Promise<FileViolation[]> => {
        const line = lines.findIndex(line => line.startsWith(`${id}:`)) + 1
        return (await compareSources(id, quantity, { rules, readText })).map(({ message, expected }) => ({
          file,
          ...violation({ line, column: 1 }, message, { found: quantity.value, expected }),
        }))
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
  hint: 'Run: handbook check --fix. It writes the values of quantities into pages, but for defaults of parameters',
  async checkReferences({ path, marks: { said, coded } }, { readText, readQuantities }) {
    if (said.length + coded.length === 0) return []
    const text = (await readText(path)) ?? ''
    const { quantities, problems } = await readQuantities()
    if (problems.length > 0) return []
    const known = quantities ?? {}
    const judge = (id: string, place: Place, differs: (value: string) => Differs | undefined): Violation[] => {
      const quantity = Object.hasOwn(known, id) ? known[id] : undefined
      if (!quantity) return [violation(place, `There is no quantity ${id}`, describeUnknown(id, Object.keys(known)))]
      const found = differs(quantity.value)
      return found ? [violation(place, `Before this mark stands not the value of ${id}`, found)] : []
    }
    return [
      ...said.flatMap(({ id, offset, ...place }) =>
        judge(id, place, value => {
          const before = text.slice(0, offset)
          const found = before.split('\n').at(-1)?.trim().slice(-40) ?? ''
          return endsWith(before, value) ? undefined : { expected: value, found }
        }),
      ),
      ...coded.flatMap(({ id, number, ...place }) =>
        judge(id, place, value => {
          const expected = readCodeValue(value, number?.value)
          if (expected === undefined) return { expected: 'a share, a time, a size or a count', found: value }
          return number && isCodeValue(number, expected)
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
  summary: 'In a handbook with quantities, a number with a unit in prose is one of them',
  hint: 'Give it a line in the file of quantities, and write <!-- =ID --> behind it; or say it without a number',
  checkPage({ path, text, tree }, { file }) {
    if (!bindsNumbers(path, file)) return []
    return listPlainNumbers(tree, text).map(({ text: found, ...place }) =>
      violation(place, `${found} is bound to no quantity`, { found }),
    )
  },
}

/**
 * By a number that a block alone knows, a step judges as no page and no configuration says. Checks have their criteria in their own text.
 * A pause between two looks, the longest wait for an answer, how many lines are shown and the time over which a query counts judge nothing
 * by themselves. Where such a number is a quantity, it stands in a variable, with its mark.
 */
export const thresholdBound: Rule = {
  id: 'threshold-bound',
  severity: 'warning',
  summary: 'In a handbook with quantities, a number that a block compares with is one of them, or a parameter',
  hint: 'Give it a line in the file of quantities, and write /* =ID */ behind it, in bash # =ID at the end of its line; or declare a parameter. Pauses, waits for an answer, lines shown and the time over which a query counts are no quantities by themselves',
  checkPage({ path, procedure: { kind, phases } }, { file }) {
    if (kind === 'assessment' || !bindsNumbers(path, file)) return []
    return phases.flatMap(({ steps }) =>
      steps.flatMap(({ block }) =>
        listPlainThresholds(block).map(({ text: found, ...place }) =>
          violation(place, `The block compares with ${found}, which is bound to no quantity`, { found }),
        ),
      ),
    )
  },
}

/** A page whose name begins with a date, such as a postmortem, tells what was measured then. */
const DATED = /(?:^|\/)\d{4}-\d\d-\d\d-[^/]*$/

function bindsNumbers(path: string, { quantities }: HandbookFile): boolean {
  return (
    !DATED.test(path) &&
    quantities !== undefined &&
    !quantities.except.some(place => path === place || path.startsWith(`${place}/`))
  )
}
