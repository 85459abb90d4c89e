import { rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Environment, Fact } from '../../environments/index.ts'
import { contain, findAddresses, findLeak, openWay } from '../../execute/index.ts'
import { RefusedError } from '../errors.ts'
import { inheritVariables } from '../open/inherit-variables.ts'
import type { Ports, Variables } from '../ports.ts'
import { makeScratch } from '../runs/scratch-folder.ts'
import type { ReadyRun } from './perform-run.ts'

/** What keeps the steps of a look from writing, and from the network, until it is closed. */
export interface ContainedLook {
  readonly contained: NonNullable<ReadyRun['contained']>
  /** What they reach, in a sentence. */
  readonly reach: string
  close(): Promise<void>
}

/**
 * Opens it for one run, and tries it. Of the network, steps reach what the environment names: in its target, for Prometheus and Alertmanager, and
 * in the secrets for reading. Throws a `RefusedError` when steps could write where they must not, or reach what nobody named.
 */
export async function containLook(
  environment: Environment,
  secrets: Readonly<Record<string, string>>,
  run: string,
  { cwd, env, bundles, by }: Pick<Ports, 'cwd' | 'env' | 'bundles' | 'by'>,
): Promise<ContainedLook> {
  const { within = [], name } = environment
  // A socket takes no room. In memory, the steps of other looks do not find it.
  const folder = makeScratch(run, cwd, by, 1 << 20)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const refuse = (why: string) =>
    new RefusedError(
      `Nothing looks at the alert in ${name}: steps cannot be kept from writing, and from the network: ${why}`,
      'Install bubblewrap (bwrap), setpriv of util-linux, and ip of iproute2, and let this account make namespaces; or remove onAlert',
    )
  const way = await openWay(folder, bundles, findAddresses(listTexts(environment, secrets))).catch(error => {
    remove()
    throw refuse(error instanceof Error ? error.message : String(error))
  })
  const close = async () => {
    await way.close()
    remove()
  }
  const containment = {
    needed: [cwd, dirname(bundles), bundles],
    hidden: [...listHidden(environment, cwd), ...listDoors(env)],
    way,
  }
  const writable = makeScratch(run, cwd, by)
  const why = await findLeak(within, { ...containment, writable }, inheritVariables(env, bundles)).finally(() =>
    rmSync(writable, { recursive: true, force: true }),
  )
  if (why !== undefined) {
    await close()
    throw refuse(why)
  }
  const reaches = way.reaches.length === 0 ? 'nothing' : `only ${way.reaches.join(', ')}`
  return {
    contained: {
      words: writable => contain({ ...containment, writable }),
      hint: `Before anybody looks, a step cannot write, and it reaches ${reaches} of the network: what ${name} names in handbook.yaml`,
    },
    reach: `its steps could not write, and reached ${reaches} of the network: what ${name} names in handbook.yaml`,
    close,
  }
}

/** What may name an address. */
function listTexts(environment: Environment, secrets: Readonly<Record<string, string>>): string[] {
  const { target, prometheusUrl, alertmanagerUrl, deadMansSwitch } = environment
  const texts: readonly (Fact | undefined)[] = [
    ...Object.values(target),
    ...Object.values(secrets),
    ...[prometheusUrl, alertmanagerUrl, deadMansSwitch?.url],
  ]
  return texts.filter(text => typeof text === 'string')
}

/** The files that hold what a change needs. */
function listHidden({ secrets }: Environment, folder: string): readonly string[] {
  return Object.values(secrets).flatMap(({ for: who, file }) =>
    who === 'change' && file !== undefined ? [resolve(folder, file)] : [],
  )
}

/** The sockets by which a step could act as the person who started this, or in their terminal. */
function listDoors({ SSH_AUTH_SOCK, TMUX }: Variables): readonly string[] {
  return [SSH_AUTH_SOCK, TMUX?.split(',')[0]].flatMap(path => (path?.startsWith('/') ? path : []))
}
