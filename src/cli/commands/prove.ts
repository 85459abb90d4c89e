import { defineCommand } from 'citty'
import { countOf, formatJson } from '../../base/index.ts'
import {
  demandHandbook,
  demandReadable,
  findProcedure,
  readProcedures,
  resolveEnvironment,
  UsageError,
} from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import {
  type FalseWord,
  type ProvenAlone,
  type ProvenInputs,
  proveAlone,
  proveInputs,
  TAKINGS,
} from '../../prove/index.ts'
import { heedSignals } from '../heed-signals.ts'
import { createPorts, practice } from '../ports.ts'
import { complain, paint, print } from '../print.ts'

/** `handbook prove`: shows that no step says something when it can see nothing. */
export const proveCommand = defineCommand({
  meta: {
    name: 'prove',
    description: `Run every step with all that it asks taken away: refused, empty, late, of a wrong shape, a page of HTML,
not there. None may then rule out a cause, pass as a check, or say that it changed or verified something.

  handbook prove --inputs
  handbook prove --inputs storage-filling docs/operations/daily.md
  handbook prove --inputs --json | jq '.found[]'
  handbook prove --inputs --alone api-down

Without --alone no deployment is needed, and none is asked: servers and commands stand in for it. Steps can
write only into a folder that is removed, and reach nothing else of the network. Where bubblewrap (bwrap) cannot
do that, those that change something are not tried, and it is said why. A value that no earlier step gave is
invented. With --alone only steps that read are tried, and ask more than one thing; files are not taken away.

Exit code: 0 no step said a false word; 1 one did; 2 wrong usage.`,
  },
  args: {
    pages: { type: 'positional', required: false, description: 'Only these pages', valueHint: 'PAGE' },
    inputs: { type: 'boolean', description: 'Take away what steps ask' },
    alone: { type: 'boolean', description: 'Take away one input at a time, while the running lab answers the others' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    if (!args.inputs) throw new UsageError('What is to be proven is not said', 'Write handbook prove --inputs')
    const handbook = await demandHandbook(process.cwd())
    const pages = args._.length > 0 ? await findPages(args._) : await readProcedures(handbook)
    for (const page of pages) demandReadable(page)
    const runnable = pages.filter(({ phases }) => phases.length > 0)
    if (runnable.length === 0) throw new UsageError('No page there has a step', 'See handbook list')
    const { signal, begin } = heedSignals()
    begin()
    const { isTTY } = process.stderr
    if (args.alone) {
      const name = Object.entries(handbook.file.environments).find(([, { lab }]) => lab)?.[0]
      if (name === undefined)
        throw new UsageError(
          'This handbook has no practice deployment',
          'Give handbook.yaml an environment with lab: true',
        )
      const environment = await resolveEnvironment(handbook, name, practice)
      const begun = performance.now()
      const proven = await proveAlone(handbook, runnable, environment, createPorts(signal), (page, share) => {
        if (isTTY) process.stderr.write(`\r\x1b[K${Math.floor(share * 100)} % ${page.id}`)
      })
      if (isTTY) process.stderr.write('\r\x1b[K')
      if (signal.aborted) return 130
      if (args.json) process.stdout.write(`${formatJson(proven)}\n`)
      else tellAlone(proven, (performance.now() - begun) / 1000)
      return proven.found.length > 0 ? 1 : 0
    }
    let done = 0
    const total = runnable.length * TAKINGS.length
    const begun = performance.now()
    const proven = await proveInputs(handbook, runnable, createPorts(signal), page => {
      done += 1
      if (isTTY) process.stderr.write(`\r\x1b[K${Math.floor((done / total) * 100)} % ${page.id}`)
    })
    if (isTTY) process.stderr.write('\r\x1b[K')
    if (signal.aborted) return 130
    if (args.json) process.stdout.write(`${formatJson(proven)}\n`)
    else tell(proven, (performance.now() - begun) / 1000)
    return proven.found.length > 0 ? 1 : 0
  },
})

async function findPages(names: readonly string[]): Promise<Procedure[]> {
  return Promise.all(names.map(async name => (await findProcedure(name, process.cwd())).procedure))
}

function tell(proven: ProvenInputs, seconds: number): void {
  const { found, waived, byCode, ways, pages, steps, notTried, uncontained, notJudged, timedOut } = proven
  complainOf(found)
  for (const { id, says, tried, false: wrong } of ways)
    print(
      `${wrong === 0 ? paint.green('✓') : paint.red('✗')} ${id.padEnd(8)} ${says}: ${countOf(tried, 'step')}, ${countOf(wrong, 'false word')}\n`,
    )
  print(`${countOf(steps, 'step')} of ${countOf(pages, 'page')} in ${Math.round(seconds)} s (--json names these)\n`)
  const notes = [
    [byCode.length, `${countOf(byCode.length, 'step judges', 'steps judge')} by an exit code or a status alone`],
    [waived.length, `${countOf(waived.length, 'word')} their pages say to be right`],
    [
      notJudged.length,
      `${countOf(notJudged.length, 'step')} not judged: they did not come to ask what they are to ask`,
    ],
    [timedOut.length, `${countOf(timedOut.length, 'try', 'tries')} not judged: they took too long`],
    [
      notTried,
      `${countOf(notTried, 'step')} not tried: they change something, and here nothing contains them (${uncontained})`,
    ],
  ] as const
  for (const [count, note] of notes) if (count > 0) print(`  ${note}\n`)
}

function tellAlone({ steps, tries, notAsked, byCode, timedOut, found, waived }: ProvenAlone, seconds: number): void {
  complainOf(found)
  const late = timedOut.length === 0 ? '' : `; ${timedOut.length} took too long to be judged`
  const codes = byCode.length === 0 ? '' : `; ${byCode.length} judged by an exit code or a status alone`
  const unasked = notAsked.length === 0 ? '' : `; in ${notAsked.length} more the step did not come to ask that`
  const right = waived.length === 0 ? '' : `; ${countOf(waived.length, 'word')} their pages say to be right`
  print(
    `${found.length === 0 ? paint.green('✓') : paint.red('✗')} ${countOf(tries, 'try', 'tries')} of ${countOf(steps, 'step')} that ask more than one thing, ${countOf(found.length, 'false word')}, in ${Math.round(seconds)} s${unasked}${codes}${late}${right} (--json names them)\n`,
  )
}

function complainOf(found: readonly FalseWord[]): void {
  for (const { file, line, step, title, message } of found) {
    complain(`${paint.red('✗')} ${file}:${line} ${title} ${paint.dim(`#${step}`)}\n`)
    complain(`  ${message}\n`)
  }
}
