import { createHash } from 'node:crypto'
import type { HandbookFile } from '../environments/index.ts'
import type { Lab, LabEnding, LabOptions } from './lab.ts'
import { readLabStatus } from './lab-status.ts'
import { runLabCommand } from './run-command.ts'

/** What `handbook.yaml` says of a lab that is made of commands. */
type Named = NonNullable<HandbookFile['lab']>
type Commands = NonNullable<Named['commands']>

/**
 * A lab in which every part is a shell command of `handbook.yaml`. Each command gets the lab's folder in `LAB_DIRECTORY`. `up` also gets
 * the rules in `LAB_RULES`, and their time scale in `LAB_TIME_SCALE`. Such a lab has no workload.
 */
export function commandsLab(root: string, named: Named, commands: Commands): Lab {
  const call = (verb: keyof Commands, directory: string, rest: { fault?: string | undefined; up?: LabOptions } = {}) =>
    runLabCommand({
      verb,
      text: commands[verb],
      cwd: root,
      fault: rest.fault,
      signal: rest.up?.signal,
      variables: {
        LAB_DIRECTORY: directory,
        ...(rest.up ? { LAB_RULES: rest.up.rules, LAB_TIME_SCALE: String(rest.up.timeScale) } : {}),
        ...(rest.up?.prometheus === undefined ? {} : { LAB_ALERTS: String(rest.up.prometheus) }),
      },
    })
  return {
    profile: { name: named.name ?? 'deployment' },
    faults: named.faults && Object.entries(named.faults).map(([name, title]) => ({ name, title })),
    mutations: [],
    workspaceMutations: [],
    workload: undefined,
    draftFault: undefined,
    up: async options => {
      await call('up', options.directory, { up: options })
      return {}
    },
    down: async directory => readEnding(await call('down', directory)),
    status: async directory => readLabStatus(await call('status', directory)),
    break: async (directory, fault) => void (await call('break', directory, { fault })),
    heal: async (directory, fault) => void (await call('heal', directory, { fault })),
    snapshot: async () => {
      if (!named.faults) return undefined
      const hash = createHash('sha256').update(JSON.stringify(commands)).digest('hex')
      const names = Object.keys(named.faults)
      const faults = Object.fromEntries(names.map(name => [name, { hash, deployed: true }]))
      return { now: { faults, workload: hash, shipped: hash, problems: [] } }
    },
  }
}

function readEnding(answer: unknown): LabEnding {
  const { ending } = { ending: 'ended', ...Object(answer) }
  return ending === 'nothing' || ending === 'cleared' ? ending : 'ended'
}
