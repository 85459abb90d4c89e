import { expect, it } from 'vitest'
import { armAfter, listChoices } from '../../../../src/theme/Live/run/choices.ts'
import { MAY_PURGE, MAY_SHED, WHAT_NOW } from '../../../site/live/stories.ts'

it('puts what goes on and what has no way back at different places, and Stop at neither', () => {
  const places = (question: typeof MAY_SHED, risk: string) =>
    Object.fromEntries(listChoices(question, risk).map(({ choice, place }) => [choice, place]))
  expect(places(MAY_SHED, 'change')).toEqual({ run: 'main', skip: 'side', 'to-end': 'side' })
  expect(places(MAY_PURGE, 'danger')).toEqual({ run: 'danger', skip: 'side', back: 'side' })
  expect(places(WHAT_NOW, 'danger')).toEqual({ end: 'side', retry: 'danger', skip: 'side', 'roll-back': 'side' })
})

it('says what the end means: after a change that failed it is over, after a diagnosis the run goes on', () => {
  const label = (choices: readonly string[]) =>
    listChoices({ ...WHAT_NOW, choices }, 'read').find(({ choice }) => choice === 'end')?.label
  expect(label(['end', 'retry', 'skip', 'roll-back', 'stop'])).toBe('Give up')
  expect(label(['end', 'retry', 'stop'])).toBe('Continue')
})

it('shows a choice that it does not know, and asks for a reason where the run wants one', () => {
  const choices = listChoices({ ...MAY_SHED, choices: ['run', 'skip', 'wait'] }, 'change')
  expect(choices.map(({ label, reasoned }) => [label, reasoned])).toEqual([
    ['Run', false],
    ['Skip …', true],
    ['wait', false],
  ])
})

it('arms a danger no sooner than half a second after it appeared', () => {
  for (const choice of listChoices(MAY_PURGE, 'danger')) expect(armAfter(choice)).toBeGreaterThanOrEqual(500)
})
