import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { COPIED } from '../../../src/lab/image/open-images.ts'
import { listNotProven } from '../../../src/lab/plan/not-proven.ts'
import { AS_SHIPPED } from '../../../src/lab/status.ts'

const { owners } = parse(readFileSync('handbook.yaml', 'utf8'))

test.each([
  ['as shipped', { profile: AS_SHIPPED, sizeBytes: 256 * 1024 * 1024, substitutes: 12 }],
  ['for practice', { profile: 'practice' }],
])('what a lab %s does not prove is tried by somebody, and owners are ours', (_, lab) => {
  const lines = [...listNotProven({ timeScale: 60 }, lab), COPIED]
  expect(lines.length).toBeGreaterThan(8)
  for (const line of lines) {
    const [, who = ''] = /^.+ \(tried by (.+)\)$/.exec(line) ?? []
    expect(who, line).not.toBe('')
    const [first = ''] = who.split(',')
    if (!/^(?:a|each|the) /.test(first)) expect(Object.keys(owners), line).toContain(first)
  }
})

test('at the scale of production, its times are proven', () => {
  const lab = { profile: AS_SHIPPED }
  expect(listNotProven({ timeScale: 60 }, lab).join()).toContain('the times of production')
  expect(listNotProven({ timeScale: 1 }, lab).join()).not.toContain('the times of production')
})
