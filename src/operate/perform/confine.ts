import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { contain, findAddresses, findLeak, openWay } from '../../execute/index.ts'
import { inheritVariables } from '../open/inherit-variables.ts'
import type { Ports } from '../ports.ts'
import { makeScratch } from '../runs/scratch-folder.ts'

/** What keeps commands from writing, and from the network, until it is closed. */
export interface Confinement {
  /** The words behind which a command can write into this folder only. */
  readonly words: (writable: string) => readonly string[]
  /** The addresses that it reaches, as people write them. */
  readonly reaches: readonly string[]
  close(): Promise<void>
}

/** What is confined. */
export interface Confined {
  /** The id of the run that it is for, or a name. */
  readonly run: string
  /** Texts that name the addresses that commands may reach. */
  readonly texts: readonly string[]
  /** Files that commands must not read, and sockets that they must not reach. */
  readonly hidden?: readonly string[]
  /** The words before a command that run it where it is to run. */
  readonly within?: readonly string[]
}

/** Opens it, and tries it. Throws an error that says why commands cannot be kept from writing here, or from the network. */
export async function confine(
  { run, texts, hidden = [], within = [] }: Confined,
  { cwd, env, bundles, by }: Pick<Ports, 'cwd' | 'env' | 'bundles' | 'by'>,
): Promise<Confinement> {
  // A socket takes no room. In memory, what is confined elsewhere does not find it.
  const folder = makeScratch(run, cwd, by, 1 << 20)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const way = await openWay(folder, bundles, findAddresses(texts)).catch(error => {
    remove()
    throw error
  })
  const close = async () => {
    await way.close()
    remove()
  }
  const containment = { needed: [cwd, dirname(bundles), bundles], hidden: [...hidden, ...listDoors(env)], way }
  const writable = makeScratch(run, cwd, by)
  const why = await findLeak(within, { ...containment, writable }, inheritVariables(env, bundles)).finally(() =>
    rmSync(writable, { recursive: true, force: true }),
  )
  if (why !== undefined) {
    await close()
    throw new Error(why)
  }
  return { words: writable => contain({ ...containment, writable }), reaches: way.reaches, close }
}

/** The sockets by which a command could act as the person who started this, or in their terminal. */
function listDoors({ SSH_AUTH_SOCK, TMUX }: Ports['env']): readonly string[] {
  return [SSH_AUTH_SOCK, TMUX?.split(',')[0]].flatMap(path => (path?.startsWith('/') ? path : []))
}
