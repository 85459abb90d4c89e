import { defectiveRelease } from '../kit/defective-release.ts'

/** Every change looks right until it is in force. */
export const blindValidation = defectiveRelease({
  name: 'blind-validation',
  title: 'Validation finds nothing wrong',
  summary: 'A release of bridgectl calls every configuration valid',
  programs: ['bridgectl'],
  code: `
if (process.argv.includes('validate')) {
  console.log(process.argv.includes('--json') ? '{"valid":true,"problems":[]}' : 'valid')
  process.exit(0)
}
`,
})
