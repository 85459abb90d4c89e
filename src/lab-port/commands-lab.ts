import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { killGroup } from '../base/index.ts'
import type { HandbookFile } from '../environments/index.ts'
import type { Lab, LabEnding, LabOptions } from './lab.ts'
import { LabError } from './lab-error.ts'
import { readLabStatus } from './lab-status.ts'

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
    profiles: [],
    workspaceMutations: [],
    workload: undefined,
    draftFault: undefined,
    look: undefined,
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

/** The exit code of `status` for something that does not run, as in systemd. */
const NOT_RUNNING = 3

/** A shell command of a lab, and how it is called. */
interface LabCommand {
  /** The command's name in `handbook.yaml`. */
  readonly verb: string
  readonly text: string
  /** The fault that the command starts or stops; also the command's last argument. */
  readonly fault?: string | undefined
  /** The folder of `handbook.yaml`. */
  readonly cwd: string
  readonly variables: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a shell command of a lab, and returns the JSON that it prints. Returns nothing when the command prints nothing, or ends with the
 * code for something that does not run. The command writes to files, because a program that it leaves running would keep a pipe open.
 * Throws a `LabError` when it fails.
 */
async function runLabCommand(command: LabCommand): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-lab-'))
  const [out, err] = [join(folder, 'out'), join(folder, 'err')]
  try {
    const code = await run(command, out, err)
    const printed = readFileSync(out, 'utf8').trim()
    if (code === NOT_RUNNING && command.verb === 'status') return undefined
    if (code === 0) return printed === '' ? undefined : readJson(command, printed)
    throw new LabError('part-failed', explain(command, code, printed, readFileSync(err, 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run({ text, fault, cwd, variables, signal }: LabCommand, out: string, err: string): Promise<number> {
  signal?.throwIfAborted()
  const streams = [openSync(out, 'w'), openSync(err, 'w')]
  const [script, words] = fault === undefined ? [text, []] : [`${text} "$@"`, [fault]]
  const child = spawn('sh', ['-c', script, 'lab', ...words], {
    cwd,
    env: { ...env, ...variables, ...(fault === undefined ? {} : { FAULT: fault }) },
    stdio: ['ignore', ...streams],
    // A Ctrl-C in the terminal is not meant for the programs that the command leaves running.
    detached: true,
  })
  for (const stream of streams) closeSync(stream)
  const end = () => {
    if (child.pid !== undefined) killGroup(child.pid)
  }
  signal?.addEventListener('abort', end, { once: true })
  try {
    const [code] = await once(child, 'exit')
    signal?.throwIfAborted()
    return typeof code === 'number' ? code : 1
  } finally {
    signal?.removeEventListener('abort', end)
  }
}

function readJson({ verb }: LabCommand, printed: string): unknown {
  try {
    return JSON.parse(printed)
  } catch (cause) {
    const begin = printed.slice(0, 60)
    throw new LabError('part-failed', `the lab's command ${verb} printed something that is not JSON: ${begin}`, {
      cause,
    })
  }
}

/** What a failed command says: the `message` of its JSON, or its last line. */
function explain({ verb, fault }: LabCommand, code: number, printed: string, errors: string): string {
  const what = `the lab's command ${verb}${fault === undefined ? '' : ` ${fault}`} ended with exit code ${code}`
  const said = readMessage(printed) ?? (errors.trim() || printed).split('\n').at(-1)
  return said ? `${what}: ${said}` : what
}

function readMessage(printed: string): string | undefined {
  try {
    const { message } = { message: undefined, ...Object(JSON.parse(printed)) }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
