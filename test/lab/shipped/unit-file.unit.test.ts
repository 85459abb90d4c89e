import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { demandValue, isOn, parseUnit, readValue, wordsOf } from '../../../src/lab/shipped/unit-file.ts'

describe('a unit file', () => {
  const unit = parseUnit(
    'a',
    '[Unit]\n# why\nDescription=A\n[Service]\nUser=x\nReadWritePaths=/a /b\nReadWritePaths=/c\nNoNewPrivileges=yes\nExecStart=/bin/a \\\n  --b\n',
  )

  test('gives the last value, all words, and what is on', () => {
    expect(readValue(unit, 'User')).toBe('x')
    expect(wordsOf(unit, 'ReadWritePaths')).toEqual(['/a', '/b', '/c'])
    expect(isOn(unit, 'NoNewPrivileges')).toBe(true)
    expect(isOn(unit, 'PrivateTmp')).toBe(false)
    expect(demandValue(unit, 'ExecStart')).toMatch(/^\/bin\/a\s+--b$/)
  })

  test('an empty value empties the list before it', () => {
    const emptied = parseUnit('a', '[Service]\nCapabilityBoundingSet=CAP_CHOWN\nCapabilityBoundingSet=\n')
    expect(readValue(emptied, 'CapabilityBoundingSet')).toBe('')
    expect(wordsOf(emptied, 'CapabilityBoundingSet')).toEqual([])
  })

  test('refuses what is no directive, and a unit without what is needed', () => {
    expect(() => parseUnit('a', '[Service]\nUser x\n')).toThrow('a.service: “User x” is no directive')
    expect(() => demandValue(unit, 'ExecReload')).toThrow('a.service does not set ExecReload')
  })

  test.each(['api', 'worker'])('the shipped one of the %s is read whole', name => {
    const text = readFileSync(`static/deployment/upload-bridge-${name}.service`, 'utf8')
    const { sections } = parseUnit(`upload-bridge-${name}`, text)
    const count = [...sections.values()].reduce((sum, section) => sum + section.size, 0)
    expect(count).toBe(text.split('\n').filter(line => /^[A-Za-z]+=/.test(line)).length)
  })
})
