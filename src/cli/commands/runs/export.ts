import { writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import { foldRun, type RunState, type RunStore } from '../../../journal/index.ts'
import { formatRun, type RunFormat } from '../../../report/index.ts'
import { guess } from '../../guess.ts'
import { readBlobs } from '../../read-blobs.ts'
import { sayWhenSlow, WATCHING } from '../../say-when-slow.ts'
import { UsageError } from '../../usage-error.ts'
import { findRun } from './find-run.ts'

const FORMATS: readonly (RunFormat | 'ndjson')[] = ['markdown', 'json', 'ndjson', 'junit', 'html']

/** `handbook runs export`: a run for other people and programs. */
export const exportRun = defineCommand({
  meta: {
    name: 'export',
    description: `A run for other people and programs, after verifying that nobody changed its ledger

  handbook runs export 20261122-031502-k7f2 > postmortem.md
  handbook runs export 20261122-031502-k7f2 --format html --output run.html
  handbook runs export 20261122-031502-k7f2 --format ndjson | tail -n 1

Exit code: 0 unchanged, 1 changed: the export says so, and leaves out what cannot be trusted.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    format: {
      type: 'string',
      description: 'markdown, json, ndjson, junit or html; otherwise markdown',
      valueHint: 'FORMAT',
    },
    output: { type: 'string', description: 'The file to write; otherwise stdout', valueHint: 'FILE' },
    json: { type: 'boolean', description: 'As --format json' },
  },
  async run({ args }) {
    const format = chooseFormat(args.format, Boolean(args.json))
    const { store, recording } = await findRun(args.run)
    const { events, head, badLine } = recording
    const { output } = args
    const write = (text: string | Buffer) => {
      if (output === undefined) process.stdout.write(text)
      else save(output, text)
    }
    // Its own bytes: only those have the hashes that its chain is made of.
    if (format === 'ndjson') write(await store.readLedger(args.run))
    else {
      const state = foldRun(events)
      const open = (await isInterrupted(store, args.run, state)) ? 'interrupted' : 'running'
      const files = await readBlobs(events, store, output === undefined ? process.cwd() : dirname(resolve(output)))
      write(
        formatRun(
          { events, outcome: state.outcome ?? open, head, files, ...(badLine === undefined ? {} : { badLine }) },
          format,
        ),
      )
    }
    if (badLine !== undefined) {
      process.stderr.write(
        `${pc.red('✗')} line ${badLine} of the ledger is not what was written; nothing from there on can be trusted\n`,
      )
      return 1
    }
    if (output !== undefined)
      process.stderr.write(`${pc.green('✓')} ${output}: ledger verified, ${events.length} events, head ${head}\n`)
    return 0
  },
})

async function isInterrupted(store: RunStore, run: string, { outcome, by }: RunState): Promise<boolean> {
  if (outcome !== undefined || by === undefined) return outcome === undefined
  return (await sayWhenSlow(WATCHING, store.judgeRunner(run, by))) === 'gone'
}

function chooseFormat(format: string | undefined, json: boolean): RunFormat | 'ndjson' {
  const name = format ?? (json ? 'json' : 'markdown')
  if (json && name !== 'json') throw new UsageError(`--json and --format ${name} cannot be had at once`)
  const chosen = FORMATS.find(known => known === name)
  if (chosen !== undefined) return chosen
  throw new UsageError(`There is no format ${name}`, guess(name, FORMATS))
}

function save(file: string, text: string | Buffer): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}
