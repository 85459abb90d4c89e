import { accessSync, fstatSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { defineCommand } from 'citty'
import {
  checkLedger,
  describeIncomplete,
  describeLedgerCheck,
  foldRun,
  isBroken,
  type RunState,
  type RunStore,
} from '../../../journal/index.ts'
import { findRun, readBlobs, recallRedaction, sayWhenSlow, UsageError, WATCHING } from '../../../operate/index.ts'
import { runFormats } from '../../../report/index.ts'
import { chooseFormat, formatOption } from '../../choose-format.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint } from '../../print.ts'

/** `handbook runs export`: a run for other people and programs. */
export const exportRun = defineCommand({
  meta: {
    name: 'export',
    description: `A run for other people and programs, and how far its ledger was verified

  handbook runs export 20261122-031502-k7f2 > postmortem.md
  handbook runs export 20261122-031502-k7f2 --format html --output run.html
  handbook runs export 20261122-031502-k7f2 --to docs/incidents/2026-11-22
  handbook runs export 20261122-031502-k7f2 --format ndjson | tail -n 1

Written to a file, Markdown and HTML take the evidence along: it is copied into a folder beside the
file, named after the run, and links lead there.

Exit code: 0 unchanged, as far as anybody can tell; 1 changed, cut or made anew: the export says so, and leaves out what cannot be trusted.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    format: formatOption(runFormats, '; markdown by default'),
    output: { type: 'string', description: 'The file to write; without it, stdout', valueHint: 'FILE' },
    to: {
      type: 'string',
      description: 'The folder to write to, with the evidence, for every format',
      valueHint: 'FOLDER',
    },
    json: { type: 'boolean', description: 'The same as --format json' },
  },
  async run({ args }) {
    const format = chooseFormat(args, runFormats, 'markdown')
    const ports = createPorts()
    const { store, recording } = await findRun(args.run, ports)
    const { head, badLine } = recording
    const redaction = await recallRedaction(recording.events, ports)
    const events = redaction.value(recording.events)
    if (JSON.stringify(events) !== JSON.stringify(recording.events))
      complain(`${paint.yellow('!')} ${sayInClear(args.run, format)}\n`)
    const output = chooseFile(args, format)
    const write = (text: string | Uint8Array) => {
      if (output === undefined) process.stdout.write(text)
      else save(output, text)
    }
    const state = foldRun(events)
    const open = (await isInterrupted(store, args.run, state)) ? 'interrupted' : 'running'
    const file = output ?? findOutputFile()
    const place = file === undefined ? process.cwd() : dirname(resolve(file))
    const copies = args.to !== undefined || (file !== undefined && (format === 'markdown' || format === 'html'))
    if (output !== undefined) demandFolder(output, args.to !== undefined)
    // Only the ledger's own lines need nothing of the files that the run kept.
    const files =
      format === 'ndjson' && !copies
        ? new Map<string, never>()
        : await readBlobs(recording.events, store, place, copies, redaction).catch(error => {
            throw new UsageError(`The evidence cannot be copied: ${error instanceof Error ? error.message : error}`)
          })
    const ledger = await store.readLedger(args.run)
    const changed = badLine === undefined || recording.torn ? {} : { badLine }
    const check = await checkLedger(store, recording)
    write(runFormats[format]({ events, outcome: state.outcome ?? open, head, files, ledger, check, ...changed }))
    if (badLine !== undefined && recording.torn) {
      complain(`${paint.red('✗')} the ledger’s ${describeIncomplete(badLine)}\n`)
      return 1
    }
    if (badLine !== undefined) {
      complain(
        `${paint.red('✗')} line ${badLine} of the ledger was changed; nothing from this line on can be trusted\n`,
      )
      return 1
    }
    if (isBroken(check)) {
      complain(`${paint.red('✗')} the ledger is ${describeLedgerCheck(check)}\n`)
      return 1
    }
    if (output !== undefined)
      complain(`${paint.green('✓')} ${output}: ledger ${describeLedgerCheck(check)}; head ${head}\n`)
    if (copies && files.size > 0)
      complain(`${paint.green('✓')} evidence copied to ${relative(process.cwd(), join(place, args.run)) || '.'}\n`)
    return 0
  },
})

/** That the record itself holds a secret in clear. The ledger's own lines are exported as they are: their hashes are made of them. */
function sayInClear(run: string, format: keyof typeof runFormats): string {
  const then = format === 'ndjson' ? 'These lines are as they are: give them to nobody' : 'In this export it is hidden'
  return `The record of ${run} holds a secret of its environment in clear. ${then}. Change the secret`
}

/** The ending of a file's name, for each format. */
const ENDINGS: Readonly<Record<keyof typeof runFormats, string>> = {
  markdown: 'md',
  json: 'json',
  ndjson: 'ndjson',
  junit: 'xml',
  html: 'html',
}

function chooseFile(
  { run, output, to }: { readonly run: string; readonly output?: string | undefined; readonly to?: string | undefined },
  format: keyof typeof runFormats,
): string | undefined {
  if (to === undefined) return output
  if (output !== undefined) throw new UsageError('--output names a file, and --to a folder', 'Give one of them')
  return join(to, `${run}.${ENDINGS[format]}`)
}

/** The file to which a shell writes our output, as in `> postmortem.md`; `undefined` when there is none or the system cannot tell. */
function findOutputFile(): string | undefined {
  try {
    const file = fstatSync(1).isFile() ? readlinkSync('/proc/self/fd/1') : undefined
    return file !== undefined && isAbsolute(file) ? file : undefined
  } catch {
    return undefined
  }
}

/** Throws a `UsageError` when the export cannot be written, before anything is copied for it. */
function demandFolder(file: string, make: boolean): void {
  try {
    if (make) mkdirSync(dirname(file), { recursive: true })
    accessSync(dirname(file))
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}

async function isInterrupted(store: RunStore, run: string, { outcome, by }: RunState): Promise<boolean> {
  if (outcome !== undefined || by === undefined) return outcome === undefined
  return (await sayWhenSlow(WATCHING, store.judgeRunner(run, by), createPorts().say)) === 'gone'
}

/** Writes a file as a whole: what a full disk leaves half is no export. */
function save(file: string, text: string | Uint8Array): void {
  const there = lstatSync(file, { throwIfNoEntry: false })
  const draft = there === undefined || there.isFile() ? `${file}.${process.pid}` : file
  try {
    writeFileSync(draft, text)
    if (draft !== file) renameSync(draft, file)
  } catch (error) {
    if (draft !== file) rmSync(draft, { force: true })
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}
