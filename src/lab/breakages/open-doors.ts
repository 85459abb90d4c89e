import { defectiveRelease } from '../kit/defective-release.ts'

/** What is handy on a developer's machine. */
export const openDoors = defectiveRelease({
  name: 'open-doors',
  title: 'Nobody needs a key unless somebody says so',
  summary: 'A release demands no API keys where the configuration says nothing of them',
  code: `
process.env.UPLOAD_BRIDGE_AUTH_REQUIRED ??= 'false'
`,
})
