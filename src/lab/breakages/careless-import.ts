import { defectiveRelease } from '../kit/defective-release.ts'

/** A refusal that a script would take for success. */
export const carelessImport = defectiveRelease({
  name: 'careless-import',
  title: 'A restore that was refused looks like one that was done',
  summary: 'A release whose bridgectl backup import ends with 0 whatever happened',
  programs: ['bridgectl'],
  code: `
if (process.argv.slice(2, 4).join(' ') === 'backup import') process.on('exit', () => (process.exitCode = 0))
`,
})
