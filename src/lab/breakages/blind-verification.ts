import { defectiveRelease } from '../kit/defective-release.ts'

/** A verification that looks whether the files are there, and not into them. */
export const blindVerification = defectiveRelease({
  name: 'blind-verification',
  title: 'Damaged backups are taken for whole',
  summary: 'A release whose bridgectl backup verify compares no hashes',
  programs: ['bridgectl'],
  code: `
if (process.argv.slice(2, 4).join(' ') === 'backup verify') {
  console.log('whole')
  process.exit(0)
}
`,
})
