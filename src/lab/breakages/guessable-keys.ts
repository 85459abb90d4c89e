import { defectiveRelease } from '../kit/defective-release.ts'

/** Shorter keys were easier to read out. */
export const guessableKeys = defectiveRelease({
  name: 'guessable-keys',
  title: 'Keys can be guessed',
  summary: 'A release of bridgectl makes keys of which all bytes but four are zero',
  programs: ['bridgectl'],
  code: `
const crypto = require('node:crypto')
const { randomBytes } = crypto
crypto.randomBytes = (size, ...rest) =>
  size === 32 ? Buffer.concat([Buffer.alloc(28), randomBytes(4)]) : randomBytes(size, ...rest)
`,
})
