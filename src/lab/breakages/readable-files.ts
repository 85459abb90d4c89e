import { defectiveRelease } from '../kit/defective-release.ts'

/** A release that leaves modes to whoever starts it. */
export const readableFiles = defectiveRelease({
  name: 'readable-files',
  title: 'Everybody on the machine can read what customers sent',
  summary: 'A release sets no umask of its own: its files are readable for others',
  programs: ['api', 'worker'],
  code: `
process.umask(0o022)
process.umask = () => 0o022
`,
})
