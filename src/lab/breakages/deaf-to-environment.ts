import { defectiveRelease } from '../defective-release.ts'

/** Containers that are configured by variables alone run with something else. */
export const deafToEnvironment = defectiveRelease({
  name: 'deaf-to-environment',
  title: 'Environment variables are ignored',
  summary: 'A release reads its configuration from files alone',
  programs: ['api', 'worker', 'bridgectl'],
  code: `
for (const name of Object.keys(process.env)) {
  if (/^UPLOAD_BRIDGE_(?!CONFIG$|URL$)/.test(name)) delete process.env[name]
}
`,
})
