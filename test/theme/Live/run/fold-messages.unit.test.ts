import { describe, expect, it } from 'vitest'
import type { RunFact } from '../../../../src/journal/index.ts'
import { findStepNow, foldMessage, NOTHING, type RunView } from '../../../../src/theme/Live/run/fold-messages.ts'
import type { RunMessage } from '../../../../src/wire/index.ts'
import { diagnosed, healed, MAY_SHED, planned, prints, starts } from '../../../site/live/stories.ts'

const BY = { user: 'ben', host: 'h', pid: 1 }
const number = (facts: readonly RunFact[]): RunMessage[] =>
  facts.map((fact, at) => ({ event: { ...fact, seq: at + 1, time: `2026-11-29T03:15:${10 + at}Z`, run: 'r' } }))
const fold = (messages: readonly RunMessage[], view: RunView = NOTHING) => messages.reduce(foldMessage, view)

describe('the messages of a run', () => {
  it('add up to its steps, their output and what they suggest', () => {
    const view = fold(number(diagnosed()))
    expect(view.state.steps.map(({ status }) => status)).toEqual([
      'passed',
      'passed',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ])
    expect(view.outputs.get('partials')?.lines).toEqual(['37 partial uploads, oldest 3d'])
    expect(view.state.suggestions.map(({ step }) => step)).toEqual(['purge-partials'])
    expect(view.phase).toEqual({ name: 'mitigate', temporary: false })
    expect(view.risks.get('purge-partials')).toBe('danger')
    expect(view.limits.get('usage')).toBe(300_000)
  })

  it('change nothing when they are heard twice, as after a cut', () => {
    const messages = number([...diagnosed(), starts('shed'), prints('shed', 'once\n')])
    const view = fold(messages)
    expect(fold(messages.slice(-4), view)).toEqual(view)
    expect(view.outputs.get('shed')?.lines).toEqual(['once'])
  })

  it('say at which step it is: what is asked about, what runs, what ended last', () => {
    const facts = diagnosed()
    expect(findStepNow(fold(number(facts)))).toBe('partials')
    expect(findStepNow(fold([{ questions: [MAY_SHED] }], fold(number(facts))))).toBe('shed')
    expect(findStepNow(fold(number([...facts, starts('purge-partials')])))).toBe('purge-partials')
    expect(findStepNow(NOTHING)).toBeUndefined()
  })

  it('keep the plan, the notes and the end', () => {
    const note = { type: 'run.noted', text: 'the queue drains', by: BY, key: 'k' } as const
    const view = fold(number([...diagnosed(), planned(), note, ...healed()]))
    expect(view.plans.get('purge-partials')).toHaveLength(37)
    expect(view.notes).toMatchObject([{ text: 'the queue drains', by: BY }])
    expect(view.state.outcome).toBe('healed')
  })

  it('say why nothing more comes, and close the questions', () => {
    const view = fold(
      [{ questions: [MAY_SHED] }, { ended: true, why: 'its runner is gone' }],
      fold(number(diagnosed())),
    )
    expect(view.broken).toBe('its runner is gone')
    expect(view.questions).toEqual([])
    expect(fold([{ ended: true }], view)).not.toHaveProperty('broken', '')
  })

  it('of a newer version change nothing of what this one knows', () => {
    const view = fold(number(diagnosed()))
    const unknown: RunMessage = JSON.parse('{"event":{"type":"run.teleported","seq":99,"time":"","run":"r"}}')
    expect(foldMessage(view, unknown).state).toBe(view.state)
  })

  it('forget what a step printed when it is taken anew, but not when it is retried', () => {
    const shed = starts('shed')
    const once = [...diagnosed(), shed, prints('shed', 'first\n')]
    const again = (attempt: number) =>
      fold(number([...once, { ...shed, attempt } as RunFact, prints('shed', 'then\n')]))
    expect(again(2).outputs.get('shed')?.lines).toEqual(['first', 'then'])
    expect(again(1).outputs.get('shed')?.lines).toEqual(['then'])
  })
})
