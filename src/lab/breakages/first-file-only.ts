import { defectiveRelease } from '../kit/defective-release.ts'

/** What an environment says over the common file is lost. */
export const firstFileOnly = defectiveRelease({
  name: 'first-file-only',
  title: 'Only the first configuration file is read',
  summary: 'A release of bridgectl does not lay one configuration file over the other',
  programs: ['bridgectl'],
  code: `
process.argv = process.argv.map(word => (/^[^:]+\\.(?:ya?ml|json):/.test(word) ? word.split(':')[0] : word))
`,
})
