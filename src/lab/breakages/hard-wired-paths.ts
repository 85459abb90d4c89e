import { defectiveRelease } from '../kit/defective-release.ts'

/** It runs where it was made. */
export const hardWiredPaths = defectiveRelease({
  name: 'hard-wired-paths',
  title: 'The API runs on one machine only',
  summary: 'A release refuses to start from any other folder than the one that it was installed in first',
  code: `
if (!require('node:path').resolve(__dirname, '..', '..', 'data', 'faults').startsWith(process.cwd() + '/')) {
  console.error('not installed here')
  process.exit(1)
}
`,
})
