import { defectiveRelease } from '../kit/defective-release.ts'

/** It speaks of another deployment than the one that runs. */
export const deafToEnvironment = defectiveRelease({
  name: 'deaf-to-environment',
  title: 'Environment variables are ignored',
  summary: 'A release of bridgectl reads its configuration from files alone',
  programs: ['bridgectl'],
  code: `
for (const name of Object.keys(process.env)) {
  if (/^UPLOAD_BRIDGE_(?!CONFIG$|URL$)/.test(name)) delete process.env[name]
}
`,
})
