import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFileStore, type OpenQuestion } from '../../src/journal/index.ts'
import type { Answer } from '../../src/runner/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()
const anna = { user: 'anna', host: 'far', pid: 1 }

const PAGE = '## Procedure\n### one\n```bash\necho one\n```\n### two\n```bash risk=danger\nfalse\n```\n'

/** Runs while another client hears of each question, and answers it through the store. */
async function runWith(answer: (question: OpenQuestion) => string, options: RunOptions = {}) {
  const client = createFileStore(join(runs.root, 'runs'))
  const done = new AbortController()
  const asked: OpenQuestion[] = []
  let run = ''
  const answering = (async () => {
    while (!done.signal.aborted) {
      for (const question of run === '' ? [] : await client.listQuestions(run)) {
        asked.push(question)
        await client.answer(run, question.id, { choice: answer(question), reason: 'seen by hand', by: anna })
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })()
  const result = await runs.run(PAGE, {
    mode: 'interactive',
    writer(writer) {
      run = writer.run
      return writer
    },
    // A terminal in which nobody types.
    confirm: (_, signal) => untilAborted(signal),
    afterFailure: (_, __, ___, signal) => untilAborted(signal),
    ...options,
  })
  done.abort()
  await answering
  return { ...result, told: tell(result.events).filter(line => !line.startsWith('waiting')), asked }
}

function untilAborted(signal: AbortSignal): Promise<'stop'> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve('stop')))
}

describe('what a run asks', () => {
  test('any client may answer, and the terminal’s question is withdrawn', async () => {
    const { told, asked } = await runWith(({ choices }) => (choices.includes('retry') ? 'skip' : 'run'))
    expect(told).toEqual([
      '# procedure',
      'one started',
      'one stdout: one\n',
      'one passed',
      'two started',
      'two failed at 8:1: bash ended with exit code 1: false',
      'two skipped: after a failure, by hand: seen by hand',
      '= passed',
    ])
    expect(asked.map(({ step, choices }) => `${step} ${choices.join(' ')}`)).toEqual([
      'one run skip to-end stop',
      'two run skip back stop',
      'two end retry skip roll-back stop',
    ])
  })

  test('is no longer asked once the terminal has answered', async () => {
    const answers: Answer[] = ['run', { skip: 'not today' }]
    const { told, asked, events } = await runWith(() => 'stop', {
      confirm: async () => answers.shift() ?? 'stop',
      // The other client is never as fast as a terminal that answers at once.
      writer: writer => ({
        ...writer,
        get keeping() {
          return writer.keeping
        },
        ask: async question => ({
          ...(await writer.ask(question)),
          answered: signal => new Promise(resolve => signal.addEventListener('abort', () => resolve(undefined))),
        }),
      }),
    })
    expect(told).toContain('two skipped: by hand: not today')
    const [run = ''] = events.map(({ run }) => run)
    expect(await createFileStore(join(runs.root, 'runs')).listQuestions(run)).toEqual([])
    expect(asked).toEqual([])
  })
})

describe('a run is cancelled through the store', () => {
  test('while a step runs, which is ended', async () => {
    const client = createFileStore(join(runs.root, 'runs'))
    const { ending, events } = await runs.run('## Procedure\n### one\n```bash\nsleep 600\n```\n', {
      listen: event => event.type === 'step.supervised' && void client.requestCancel(event.run, anna),
    })
    expect(ending.outcome).toBe('cancelled')
    expect(tell(events)).toContain('one cancelled')
  })

  test('and goes on when it is resumed: the request was for then', async () => {
    const page = '## Procedure\n### one\n```bash risk=read\ntest -e go || sleep 600\n```\n'
    const client = createFileStore(join(runs.root, 'runs'))
    const first = await runs.run(page, {
      listen: event => event.type === 'step.supervised' && void client.requestCancel(event.run, anna),
    })
    expect(first.ending.outcome).toBe('cancelled')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(runs.root, 'go'), '')
    expect((await runs.run(page, { resumes: first.folder })).ending.outcome).toBe('passed')
  })
})
