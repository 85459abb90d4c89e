import { resolve } from 'node:path'
import type { Environment, Fact } from '../../environments/index.ts'
import { RefusedError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { confine } from './confine.ts'
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
  ports: Pick<Ports, 'cwd' | 'env' | 'bundles' | 'by'>,
): Promise<ContainedLook> {
  const { within = [], name } = environment
  const texts = listTexts(environment, secrets)
  const hidden = listHidden(environment, ports.cwd)
  const { words, reaches, close } = await confine({ run, texts, hidden, within }, ports).catch(error => {
    throw new RefusedError(
      `Nothing looks at the alert in ${name}: steps cannot be kept from writing, and from the network: ${error instanceof Error ? error.message : error}`,
      'Install bubblewrap (bwrap), setpriv of util-linux, and ip of iproute2, and let this account make namespaces; or remove onAlert',
    )
  })
  const reach = reaches.length === 0 ? 'nothing' : `only ${reaches.join(', ')}`
  return {
    contained: {
      words,
      hint: `Before anybody looks, a step cannot write, and it reaches ${reach} of the network: what ${name} names in handbook.yaml`,
    },
    reach: `its steps could not write, and reached ${reach} of the network: what ${name} names in handbook.yaml`,
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
