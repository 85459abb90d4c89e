import { writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import {
  checkLedger,
  describeLedgerCheck,
  foldRun,
  isBroken,
  type RunState,
  type RunStore,
} from '../../../journal/index.ts'
import { findRun, readBlobs, sayWhenSlow, UsageError, WATCHING } from '../../../operate/index.ts'
import { runFormats } from '../../../report/index.ts'
import { chooseFormat, listFormats } from '../../choose-format.ts'
import { createPorts } from '../../ports.ts'

/** `handbook runs export`: a run for other people and programs. */
export const exportRun = defineCommand({
  meta: {
    name: 'export',
    description: `A run for other people and programs, with what its ledger was verified against

  handbook runs export 20261122-031502-k7f2 > postmortem.md
  handbook runs export 20261122-031502-k7f2 --format html --output run.html
  handbook runs export 20261122-031502-k7f2 --format ndjson | tail -n 1

Exit code: 0 unchanged, as far as anybody can tell; 1 changed, cut or made anew: the export says so, and leaves out what cannot be trusted.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    format: {
      type: 'string',
      description: `${listFormats(runFormats)}; otherwise markdown`,
      valueHint: 'FORMAT',
    },
    output: { type: 'string', description: 'The file to write; otherwise stdout', valueHint: 'FILE' },
    json: { type: 'boolean', description: 'As --format json' },
  },
  async run({ args }) {
    const format = chooseFormat(args, runFormats, 'markdown')
    const { store, recording } = await findRun(args.run, createPorts())
    const { events, head, badLine } = recording
    const { output } = args
    const write = (text: string | Uint8Array) => {
      if (output === undefined) process.stdout.write(text)
      else save(output, text)
    }
    const state = foldRun(events)
    const open = (await isInterrupted(store, args.run, state)) ? 'interrupted' : 'running'
    const place = output === undefined ? process.cwd() : dirname(resolve(output))
    // Only the ledger's own lines do without what the run kept.
    const files = format === 'ndjson' ? new Map() : await readBlobs(events, store, place)
    const ledger = await store.readLedger(args.run)
    const changed = badLine === undefined ? {} : { badLine }
    const check = await checkLedger(store, recording)
    write(runFormats[format]({ events, outcome: state.outcome ?? open, head, files, ledger, check, ...changed }))
    if (badLine !== undefined) {
      process.stderr.write(
        `${pc.red('✗')} line ${badLine} of the ledger was changed; nothing from this line on can be trusted\n`,
      )
      return 1
    }
    if (isBroken(check)) {
      process.stderr.write(`${pc.red('✗')} the ledger is ${describeLedgerCheck(check)}\n`)
      return 1
    }
    if (output !== undefined)
      process.stderr.write(`${pc.green('✓')} ${output}: ledger ${describeLedgerCheck(check)}; head ${head}\n`)
    return 0
  },
})

async function isInterrupted(store: RunStore, run: string, { outcome, by }: RunState): Promise<boolean> {
  if (outcome !== undefined || by === undefined) return outcome === undefined
  return (await sayWhenSlow(WATCHING, store.judgeRunner(run, by), createPorts().say)) === 'gone'
}

function save(file: string, text: string | Uint8Array): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}
