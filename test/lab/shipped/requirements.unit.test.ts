import { expect, test } from 'vitest'
import { findLacking } from '../../../src/lab/shipped/requirements.ts'

test('what is missing is named, with what it is needed for', () => {
  const lacking = findLacking('/nowhere')
  expect(lacking).toContain('accounts and privileges (util-linux): setpriv is not installed; npm run setup installs it')
})
