import { expect, test } from 'vitest'
import type { Program, ProgramEnd, Supervise } from '../../../src/execute/local/program.ts'
import { startTypeScript } from '../../../src/execute/local/typescript-worker.ts'
import type { BlockReport, BlockRequest } from '../../../src/execute/protocol.ts'

const BLOCK: BlockRequest = {
  step: 'one',
  language: 'ts',
  code: '',
  file: 'page.md',
  lines: [],
  cwd: '/',
  variables: {},
  params: {},
  target: {},
  values: {},
  steps: [],
  suggestable: [],
  services: {},
  hosts: [],
  secrets: {},
  mayChange: false,
  mayLeave: false,
  place: { folder: '/' },
  evidenceFolder: '/',
}

/** A worker whose process is the test: `report` says what it says of a block, counted from 1. */
function startFake() {
  let program: Program | undefined
  let end: (end: ProgramEnd) => void = () => {}
  const ended = new Promise<ProgramEnd>(resolve => {
    end = resolve
  })
  const done = async () => {}
  const supervise: Supervise = started => {
    program = started
    return {
      pid: 1,
      ended,
      requests: undefined,
      isUnguarded: () => false,
      look: async () => [],
      spare: async () => {},
      sweep: done,
      end: done,
      release: done,
    }
  }
  const worker = startTypeScript(supervise, 'worker.cjs', {})
  return {
    worker,
    end,
    report: (turn: number, report: BlockReport) => program?.onReport?.(JSON.stringify({ turn, report })),
  }
}

test('what a block says late is not taken for the next one’s', async () => {
  const { worker, report } = startFake()
  const heard: string[] = []
  const listen = (name: string) => ({
    onOutput: (_: string, text: string) => void heard.push(`${name}: ${text}`),
    onReport: ({ type }: BlockReport) => void heard.push(`${name}: ${type}`),
  })
  const first = worker.run(BLOCK, listen('first'))
  report(1, { type: 'output', stream: 'stdout', text: 'own' })
  report(1, { type: 'finished', result: { status: 'passed' } })
  expect(await first).toEqual({ status: 'passed' })
  const second = worker.run(BLOCK, listen('second'))
  report(1, { type: 'output', stream: 'stdout', text: 'late' })
  report(1, { type: 'suggested', step: 'mend', why: 'late' })
  report(1, { type: 'finished', result: { status: 'passed', value: 'late' } })
  report(2, { type: 'output', stream: 'stdout', text: 'own' })
  report(2, { type: 'finished', result: { status: 'ruled-out', reason: 'own' } })
  expect(await second).toEqual({ status: 'ruled-out', reason: 'own' })
  expect(heard).toEqual(['first: own', 'second: own'])
  expect(worker.isOver()).toBe(false)
})

test('a block that says that its process is not used again is believed, even late', async () => {
  const { worker, report, end } = startFake()
  const listener = { onOutput: () => {}, onReport: () => {} }
  const first = worker.run(BLOCK, listener)
  report(1, { type: 'finished', result: { status: 'passed' } })
  await first
  const second = worker.run(BLOCK, listener)
  report(1, { type: 'finished', result: { status: 'passed' }, leaving: true })
  expect(worker.isOver()).toBe(true)
  end({ signal: 9 })
  expect(await second).toEqual({ status: 'failed', error: { message: "the step's process was ended by SIGKILL" } })
})
