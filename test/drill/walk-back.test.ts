import { expect, test } from 'vitest'
import { compareSettings } from '../../src/drill/walk-back.ts'

const BEFORE = { release: '2', 'log.level': 'info', 'key a': 'admin' }
const HEALED = { release: '1', 'log.level': 'info', 'key b': 'admin' }

test('what a roll-back step changed is restored when it is as before the run', () => {
  expect(compareSettings(BEFORE, HEALED, { ...HEALED, release: '2' })).toEqual({ restored: ['release'], wrong: [] })
})

test('what the run added and the step removed is restored, although the rest stays as the run left it', () => {
  const { 'key b': _, ...now } = HEALED
  expect(compareSettings(BEFORE, HEALED, now)).toEqual({ restored: ['key b'], wrong: [] })
})

test('what the step changed to something else is wrong, also when something else was restored', () => {
  const now = { ...HEALED, release: '2', 'log.level': 'debug', 'key c': 'admin' }
  expect(compareSettings(BEFORE, HEALED, now)).toEqual({ restored: ['release'], wrong: ['key c', 'log.level'] })
})

test('a step that changed nothing restored nothing', () => {
  expect(compareSettings(BEFORE, HEALED, HEALED)).toEqual({ restored: [], wrong: [] })
})
