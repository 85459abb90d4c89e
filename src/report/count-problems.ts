import type { Problem } from '../base/index.ts'

/** How many problems there are, and how many more are waived, in words: `2 errors and 1 warning in 3 pages, 1 waived`. */
export function countProblems(problems: readonly Problem[], pages: number, waived: number): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const found = [errors > 0 ? count(errors, 'error') : [], warnings > 0 ? count(warnings, 'warning') : []].flat()
  const where = pages === 0 ? '' : ` in ${count(pages, 'page')}`
  const text = found.length === 0 ? `${count(pages, 'page')}, nothing wrong` : `${found.join(' and ')}${where}`
  return waived === 0 ? text : `${text}, ${waived} waived`
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
