import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFileStore, foldRun, type OpenQuestion } from '../../src/journal/index.ts'
import type { Answer } from '../../src/runner/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()
const anna = { user: 'anna', host: 'far', pid: 1 }

const PAGE = '## Procedure\n### one\n```bash\necho one\n```\n### two\n```bash risk=danger\nfalse\n```\n'
const TOLD = `## Procedure
### one
Stops e.g. the *import* at 3.5 s, so that
nothing waits. Then look.

Look twice.
\`\`\`bash
true
\`\`\`
### two
\`\`\`bash
true
\`\`\`
`

/** Runs while another client hears of each question, and answers it through the store. */
async function runWith(
  answer: (question: OpenQuestion) => string,
  { page = PAGE, ...options }: RunOptions & { page?: string } = {},
) {
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
  const result = await runs.run(page, {
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
  test('has the page’s first sentence about the step, if there is one', async () => {
    const { asked } = await runWith(() => 'run', { page: TOLD })
    expect(asked.map(({ about }) => about)).toEqual([
      'Stops e.g. the import at 3.5 s, so that nothing waits.',
      undefined,
    ])
  })

  test('any client may answer, and the terminal’s question is withdrawn', async () => {
    const { told, asked } = await runWith(({ choices }) => (choices.includes('retry') ? 'skip' : 'run'))
    expect(told).toEqual([
      '# procedure',
      'one answered by anna: run, seen by hand',
      'one started',
      'one stdout: one\n',
      'one passed',
      'two answered by anna: run, seen by hand',
      'two started',
      'two failed at 8:1: bash ended with exit code 1: false',
      'two answered by anna: skip, seen by hand',
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

describe('a note that somebody hands over', () => {
  const PAGE = '## Procedure\n### one\n```bash\nuntil test -e go; do sleep 0.05; done\n```\n'
  const note = { key: 'k1', text: 'the pager rang twice', by: anna }

  test('is recorded once, however often it is sent, and not again when the run is resumed', async () => {
    const client = createFileStore(join(runs.root, 'runs'))
    rmSync(join(runs.root, 'go'), { force: true })
    const { events, folder } = await runs.run(PAGE, {
      async listen(event) {
        if (event.type === 'step.supervised') {
          await client.handNote(event.run, note)
          await client.handNote(event.run, note)
        }
        if (event.type === 'run.noted') await client.requestCancel(event.run, anna)
      },
    })
    expect(tell(events).filter(line => line.startsWith('note'))).toEqual(['note by anna: the pager rang twice'])
    writeFileSync(join(runs.root, 'go'), '')
    const again = await runs.run(PAGE, { resumes: folder })
    rmSync(join(runs.root, 'go'))
    expect(again.ending.outcome).toBe('passed')
    expect(tell(again.events).filter(line => line.startsWith('note'))).toEqual([])
    const recorded = await client.read(basename(folder))
    expect(foldRun(recorded?.events ?? []).noted).toMatchObject([{ text: note.text, by: anna, key: 'k1' }])
  })

  test('is recorded before the end, also when it comes last', async () => {
    const client = createFileStore(join(runs.root, 'runs'))
    const { events } = await runs.run('## Procedure\n### one\n```bash\ntrue\n```\n', {
      listen: event => event.type === 'run.started' && void client.handNote(event.run, note),
    })
    expect(tell(events).slice(-2)).toEqual(['note by anna: the pager rang twice', '= passed'])
  })
})

describe('an answer', () => {
  test('that is sent again is the one that was accepted, and another one comes too late', async () => {
    const client = createFileStore(join(runs.root, 'runs'))
    const results: string[] = []
    const { told } = await runWith(() => 'never', {
      async listen(event) {
        if (event.type !== 'run.waiting' || results.length > 0) return
        results.push('asked')
        const [question] = await untilAsked(client, event.run)
        for (const [key, choice, reason] of [
          ['a', 'run', 'first'],
          ['a', 'run', 'first'],
          ['a', 'run', 'other words, which are not kept'],
          ['b', 'stop', 'first'],
        ] as const)
          results.push(await client.answer(event.run, question?.id ?? '', { choice, reason, by: anna, key }))
        await client.requestCancel(event.run, anna)
      },
    })
    expect(results).toEqual(['asked', 'accepted', 'accepted', 'answered', 'answered'])
    expect(told).toContain('one answered by anna: run, first')
  })
})

async function untilAsked(client: ReturnType<typeof createFileStore>, run: string): Promise<OpenQuestion[]> {
  for (;;) {
    const questions = await client.listQuestions(run)
    if (questions.length > 0) return [...questions]
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

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
    writeFileSync(join(runs.root, 'go'), '')
    expect((await runs.run(page, { resumes: first.folder })).ending.outcome).toBe('passed')
  })
})
