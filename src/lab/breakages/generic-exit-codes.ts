import { defectiveRelease } from '../kit/defective-release.ts'

/** A service manager starts it again and again: it cannot tell this from a crash. */
export const genericExitCodes = defectiveRelease({
  name: 'generic-exit-codes',
  title: 'A wrong configuration ends like a crash',
  summary: 'A release of the API exits with 1 in the place of 78 when its configuration is wrong',
  code: `
const { exit } = process
process.exit = code => exit(code === 78 ? 1 : code)
`,
})
