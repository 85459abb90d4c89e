import { defineCommand } from 'citty'
import pc from 'picocolors'
import { countOf, formatDuration, formatJson } from '../../../base/index.ts'
import { describeIncomplete, type RecordedRun, type RunStore } from '../../../journal/index.ts'
import { findStoreAround, listUnrevertedAround, sayWhenSlow, UsageError, WATCHING } from '../../../operate/index.ts'
import { formatMoment, measure, nameZone } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint, print } from '../../print.ts'

/** How many runs are listed by default. */
const USUAL = 20

/** `handbook runs list`: the runs kept here, newest first. */
export const runsList = defineCommand({
  meta: {
    name: 'list',
    description: `What was run here, newest first

  handbook runs list
  handbook runs list --limit 100
  handbook runs list --all --json | jq -r '.runs[0].outcome'

With --json, \`more\` says how many older runs are left out.`,
  },
  args: {
    all: { type: 'boolean', description: 'Every run' },
    limit: { type: 'string', description: `At most so many; ${USUAL} by default`, valueHint: 'N' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const limit = readLimit(args)
    const ports = createPorts()
    const store = await findStoreAround(ports)
    const { runs, unreadable, total } = await sayWhenSlow(WATCHING, store.list({ limit }), ports.say)
    const left = new Map<string, number>()
    for (const { run, unknown } of await listUnrevertedAround(undefined, ports))
      if (unknown === undefined) left.set(run, (left.get(run) ?? 0) + 1)
    const why = new Map<string, string>()
    for (const name of unreadable) why.set(name, (await store.whyUnreadable(name)) ?? 'it was not there')
    for (const [name, reason] of why)
      complain(`${paint.yellow('!')} ${name} has no ledger that can be read: ${reason}${await sayWhose(store, name)}\n`)
    const more = Math.max(0, total - runs.length - unreadable.length)
    if (args.json) {
      const data = {
        runs: runs.map(run => summarize(run, left.get(run.id))),
        ...(why.size > 0 ? { unreadable: [...why].map(([id, why]) => ({ id, why })) } : {}),
        ...(more > 0 ? { more } : {}),
      }
      process.stdout.write(`${formatJson(data)}\n`)
      return 0
    }
    if (runs.length === 0 && unreadable.length > 0) complain('No run that is kept here can be read\n')
    else if (runs.length === 0) complain('Nothing was run here yet\n')
    else
      print(
        writeColumns(
          nameColumns(),
          runs.map(run => describe(run, left.get(run.id))),
          process.stdout.isTTY ? process.stdout.columns || 80 : undefined,
        ),
      )
    if (more > 0) print(pc.dim(`${more} more: see --all, or --limit N\n`))
    return 0
  },
})

/** Whose a run is that cannot be read. */
async function sayWhose(store: RunStore, run: string): Promise<string> {
  const owner = await store.owner(run)
  return owner === undefined ? '' : `: it belongs to ${owner}`
}

function readLimit({
  all,
  limit,
}: {
  readonly all?: boolean | undefined
  readonly limit?: string | undefined
}): number {
  if (all && limit !== undefined) throw new UsageError('--all and --limit cannot be used together')
  if (all) return Number.POSITIVE_INFINITY
  if (limit === undefined) return USUAL
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit)
  throw new UsageError(`--limit ${limit}: expected a whole number from 1`, 'Every run: --all')
}

function nameColumns(): readonly string[] {
  return ['RUN', 'OUTCOME', 'PAGE', 'ENVIRONMENT', `STARTED (${nameZone(new Date())})`, 'TOOK']
}

function describe(run: RecordedRun, unreverted = 0): readonly Column[] {
  const outcome = outcomeOf(run)
  const took = run.took === undefined ? '' : formatDuration(run.took * 1000)
  const broken = describeBroken(run)
  const flags = [
    ...(broken === undefined ? [] : [pc.red(broken)]),
    ...(run.clockSetBack ? ['clock set back'] : []),
    ...(broken !== undefined && !run.torn ? [pc.yellow('may be unreverted')] : []),
    ...(unreverted > 0 ? [pc.yellow(countOf(unreverted, 'unreverted change'))] : []),
    ...(run.unapproved.length > 0 ? [pc.bold(pc.red('BREAK GLASS'))] : []),
  ]
  return [
    { text: run.id },
    { text: outcome, paint: colourOf(outcome) },
    { text: run.procedure },
    { text: run.environment },
    { text: formatMoment(run.started, new Date()) },
    { text: took, paint: pc.dim },
    { text: flags.join('  ') },
  ]
}

function outcomeOf(run: RecordedRun): string {
  return run.outcome ?? (run.running ? 'running' : 'unknown')
}

/** Why not all of a run's ledger can be read, if so. */
function describeBroken({ badLine, torn, newer }: RecordedRun): string | undefined {
  if (newer !== undefined) return newer
  if (badLine === undefined) return undefined
  return torn ? describeIncomplete(badLine) : `line ${badLine} was changed`
}

function summarize(run: RecordedRun, unreverted: number | undefined): object {
  const { id, procedure, environment, started, finished } = run
  const ledger = describeBroken(run)
  const breakGlass = run.unapproved.map(({ step, reason }) => ({ step, reason }))
  return {
    id,
    procedure,
    environment,
    outcome: outcomeOf(run),
    started,
    ...(finished ? { finished } : {}),
    ...(breakGlass.length > 0 ? { breakGlass } : {}),
    ...(unreverted === undefined ? {} : { unreverted }),
    ...(ledger === undefined ? {} : { ledger }),
  }
}

function colourOf(outcome: string): (text: string) => string {
  if (['healed', 'passed', 'ruled-out'].includes(outcome)) return pc.green
  return outcome === 'running' ? pc.cyan : pc.red
}

/** A cell, and how it is painted. */
interface Column {
  readonly text: string
  readonly paint?: (text: string) => string
}

/**
 * Rows below a header, each column as wide as its widest cell. Where that is more than `width`, a row has a line for what tells runs apart,
 * and below it the page, the environment and what is special.
 */
function writeColumns(header: readonly string[], rows: readonly (readonly Column[])[], width?: number): string {
  const lines = layOut(header, rows)
  const isWide = width !== undefined && lines.some(line => measure(line) > width)
  return `${(isWide ? layOutTwice(header, rows) : lines).join('\n')}\n`
}

/** The columns that stand in the first of two lines. */
const FIRST = [0, 1, 4, 5] as const
/** The page, the environment, and what is special. */
const SECOND = [2, 3, 6] as const

function layOutTwice(header: readonly string[], rows: readonly (readonly Column[])[]): string[] {
  const pick = <T>(row: readonly T[], columns: readonly number[]) => columns.flatMap(index => row[index] ?? [])
  const [head = '', ...firsts] = layOut(
    pick(header, FIRST),
    rows.map(row => pick(row, FIRST)),
  )
  const seconds = rows.map(row => {
    const [page, environment, flags] = pick(row, SECOND).map(({ text }) => text)
    return `  ${page} in ${environment}${flags ? `  ${flags}` : ''}`
  })
  return [head, ...firsts.flatMap((line, index) => [line, seconds[index] ?? ''])]
}

function layOut(header: readonly string[], rows: readonly (readonly Column[])[]): string[] {
  const widths = header.map((name, index) => Math.max(name.length, ...rows.map(row => measure(row[index]?.text ?? ''))))
  return [header.map(text => ({ text, paint: pc.bold })), ...rows].map(row =>
    row
      .map(
        ({ text, paint = same }, index) => paint(text) + ' '.repeat(Math.max(0, (widths[index] ?? 0) - measure(text))),
      )
      .join('  ')
      .trimEnd(),
  )
}

function same(text: string): string {
  return text
}
