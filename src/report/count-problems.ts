import type { Problem } from '../base/index.ts'

/** How many errors and warnings there are in how many pages, in words: `2 errors and 1 warning in 3 pages`. */
export function countProblems(problems: readonly Problem[], pages: number): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const found = [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter(
    Boolean,
  )
  if (found.length === 0) return `${count(pages, 'page')}, nothing wrong`
  return pages === 0 ? found.join(' and ') : `${found.join(' and ')} in ${count(pages, 'page')}`
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
