import { defineCommand } from 'citty'
import pc from 'picocolors'
import { countOf, formatJson, makeVisible } from '../../../base/index.ts'
import type { Handbook } from '../../../environments/index.ts'
import type { Lab, LabStatus } from '../../../lab-port/index.ts'
import { readProcedures } from '../../../operate/index.ts'
import { print, printToCopy } from '../../print.ts'
import { findDetachedLog, findLab, labArgs } from './lab-command.ts'

/** `handbook lab status`. */
export const status = defineCommand({
  meta: {
    name: 'status',
    description:
      'Say where a lab is and what is broken.\n\n  handbook lab status\n  handbook lab status --json | jq -r .url',
  },
  args: labArgs,
  async run({ args }) {
    const { handbook, lab, directory } = await findLab(args)
    const found = await lab.status(directory)
    if (args.json) {
      const down = { state: 'down', directory, faults: [], processes: [] }
      const log = findDetachedLog(directory)
      process.stdout.write(`${formatJson(found ? { ...found, ...(log === undefined ? {} : { log }) } : down)}\n`)
    } else if (found)
      printToCopy(
        describeLab(lab, found, {
          cures: await describeCures(handbook, found.faults),
          log: findDetachedLog(directory),
          differences: true,
        }),
      )
    else print(`no lab runs in ${directory}\n`)
    return 0
  },
})

/** What else is said of a running lab. */
interface Telling {
  /** The pages for what is broken. */
  readonly cures?: string
  readonly log?: string | undefined
  /** Whether each difference from what is shipped is named, or only how many there are. */
  readonly differences?: boolean
}

/** A running lab for people: where everything is, and what to type next. */
export function describeLab(
  { faults = [] }: Pick<Lab, 'faults'>,
  status: LabStatus,
  { cures = '', log, differences = false }: Telling = {},
): string {
  const broken = status.faults.length > 0 ? { broken: pc.red(makeVisible(status.faults.join(', '))) } : {}
  const places = Object.entries(status.places).map(([name, place]) => [name, makeVisible(place)] as const)
  const kept = log === undefined ? {} : { log: makeVisible(log) }
  const rows = [...places, ...Object.entries(kept), ...Object.entries(broken)]
  const lines = rows.map(([name, value]) => `  ${pc.bold(makeVisible(name).padEnd(13))} ${value}`)
  const made = describeMaking(status, differences)
  const next = faults.map(
    fault => `  handbook lab break ${makeVisible(fault.name).padEnd(20)} ${pc.dim(makeVisible(fault.title))}`,
  )
  return [
    '',
    ...(status.older ? [`${pc.yellow('!')} ${OLDER}`, ''] : []),
    ...lines,
    '',
    ...made,
    'Next, in another terminal:',
    ...next,
    cures.trimEnd() || `  ${'handbook run PAGE'.padEnd(39)} ${pc.dim('the pages: handbook list')}`,
    '  handbook lab down',
    '',
    '',
  ].join('\n')
}

/** How the lab is made, when it says so: what is missing of what was asked for, and what differs from what is shipped. */
function describeMaking(status: LabStatus, all: boolean): string[] {
  const { profile, partial = [], differences = [], reconstruction } = status
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [pc.bold(title), ...lines.map(line => `  ${makeVisible(line)}`), '']
  if (profile === undefined) return []
  const named = `Profile: ${makeVisible(profile)}.`
  const count = `${named} ${countOf(differences.length, 'thing')} of it ${differences.length === 1 ? 'differs' : 'differ'} from what is shipped: handbook lab status`
  const made = reconstruction?.made ?? []
  const without = Object.entries(reconstruction?.leftOut ?? {}).map(([name, why]) => `${name}: ${why}`)
  return [
    ...list(`${named} It lacks:`, partial),
    ...(made.length === 0
      ? []
      : [`${named} ${countOf(made.length, 'mutation')} in effect together, ${without.length} left out`, '']),
    ...(all ? [...list('In effect:', made), ...list('Left out, and why:', without)] : []),
    ...(all || differences.length === 0
      ? list(`${named} What differs from what is shipped, and why:`, differences)
      : [count, '']),
  ]
}

/** For a lab that was brought up before the last build. */
const OLDER =
  'This lab is older than the handbook command: it does not know what was built since. Restart it: handbook lab down, handbook lab up'

/** The pages that heal what is broken: a line for each, with the alert that it expects. Empty when there is none. */
export async function describeCures(handbook: Handbook, broken: readonly string[]): Promise<string> {
  const pages = broken.length > 0 ? await readProcedures(handbook) : []
  const cures = pages.flatMap(({ id, alerts, drills }) =>
    drills
      .filter(({ fault }) => broken.includes(fault))
      .map(({ alert = alerts[0] }) => ({ page: `handbook run ${id}`, alert })),
  )
  const lines = cures.map(({ page, alert }) =>
    alert === undefined ? page : `${page.padEnd(39)} ${pc.dim(`the alert to wait for: ${alert}`)}`,
  )
  return [...new Set(lines)].map(line => `  ${line}\n`).join('')
}
