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
  silencing: { refused: 'nothing is silenced here' },
  mayChange: false,
  mayLeave: false,
  place: { folder: '/' },
  evidenceFolder: '/',
}

/** A worker whose process is the test: `report` is what it says of its block. */
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
    say: (line: string) => program?.onReport?.(line),
    report: (report: BlockReport) => program?.onReport?.(JSON.stringify(report)),
  }
}

test('what a block says after its end is nobody’s', async () => {
  const { worker, report } = startFake()
  const heard: string[] = []
  const listener = {
    onOutput: (_: string, text: string) => void heard.push(text),
    onReport: ({ type }: BlockReport) => void heard.push(type),
  }
  const running = worker.run(BLOCK, listener)
  report({ type: 'output', stream: 'stdout', text: 'own' })
  report({ type: 'finished', result: { status: 'passed' } })
  expect(await running).toEqual({ status: 'passed' })
  report({ type: 'output', stream: 'stdout', text: 'late' })
  report({ type: 'suggested', step: 'mend', why: 'late' })
  expect(heard).toEqual(['own'])
})

test('a process that ends without a word has failed its block', async () => {
  const { worker, end } = startFake()
  const running = worker.run(BLOCK, { onOutput: () => {}, onReport: () => {} })
  end({ signal: 9 })
  expect(await running).toEqual({ status: 'failed', error: { message: "the step's process was ended by SIGKILL" } })
  expect(worker.isOver()).toBe(true)
})

test.each([
  '',
  '{',
  'null',
  '7',
  '{"type":"finished"}',
  '{"type":"finished","result":null}',
  '{"type":"output"}',
  '[]',
])('a block that says %j is not known to have passed', async line => {
  const { worker, say } = startFake()
  const running = worker.run(BLOCK, { onOutput: () => {}, onReport: () => {} })
  say(line)
  expect(await running).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('cannot be read') },
  })
})
