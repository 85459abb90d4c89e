import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Environment, Handbook } from '../../environments/index.ts'
import { bareEnvironment } from '../../environments/pure.ts'
import type { Procedure } from '../../procedure/index.ts'
import { guess, UsageError } from '../errors.ts'
import type { OpenEnvironment, Practice } from '../ports.ts'
import { findRulesFolder } from './open-handbook.ts'
import { findUsedFacts } from './used-in-page.ts'

/** Here: a page run by its path, outside any handbook, runs like a script. */
export const HERE = 'here'

/**
 * The environment that was asked for; with none asked for, a running lab. `besides` is the file of a handbook that lacks the page. Throws a
 * `UsageError` when it cannot be had.
 */
export async function resolveEnvironment(
  handbook: Handbook | undefined,
  name: string | undefined,
  practice: Practice,
  besides?: string,
): Promise<Environment> {
  if (!handbook) {
    if (name === undefined || name === HERE) return bareEnvironment(HERE)
    if (besides === undefined) throw new UsageError(`There is no environment ${name} outside a handbook`)
    throw new UsageError(
      `This page cannot run in ${name}: ${besides} does not count it among its pages`,
      'Add its folder to pages there, or run it without --env: then it runs here, like a script',
    )
  }
  const { environments } = handbook.file
  // Names come from the command line: one that every object has, such as `constructor`, is no environment.
  const [wanted, known] =
    Object.entries(environments).find(([known, { lab }]) => (name === undefined ? lab : known === name)) ?? []
  if (wanted === undefined || !known) {
    throw new UsageError(
      name === undefined ? 'Say where to run it: --env NAME' : `handbook.yaml has no environment ${name}`,
      guess(name ?? '', Object.keys(environments)),
    )
  }
  if (known.lab) return mergeLab(handbook, wanted, known, practice)
  const { lab: _, auto = 'read', prometheusUrl, alertmanagerUrl, services, secrets, approvers, ...others } = known
  const { approvalValidFor, lock, deadMansSwitch, changes, ...rest } = others
  return {
    name: wanted,
    auto,
    ...rest,
    approvers: listKeys(approvers),
    ...(approvalValidFor === undefined ? {} : { approvalValidFor }),
    services: withoutUndefined(services),
    secrets: withoutUndefined(secrets),
    ...describeHandbook(handbook, wanted),
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
    ...(deadMansSwitch === undefined ? {} : { deadMansSwitch }),
    ...(changes === undefined ? {} : { changes }),
    ...(lock === undefined ? {} : { lock: resolve(handbook.root, lock) }),
  }
}

/** Those of these facts that an environment does not state. */
export function listMissingFacts({ target }: Pick<Environment, 'target'>, facts: readonly string[]): string[] {
  return facts.filter(fact => !Object.hasOwn(target, fact))
}

/** Throws a `UsageError` when an environment does not state a fact that a page uses. What the page does not use keeps nobody from running it. */
export function demandFacts(environment: Environment, handbook: Handbook | undefined, page: Procedure): void {
  const declared = Object.keys(handbook?.file.target ?? {})
  if (listMissingFacts(environment, declared).length === 0) return
  const missing = listMissingFacts(environment, findUsedFacts(page, declared))
  if (missing.length > 0)
    throw new UsageError(
      `The environment ${environment.name} does not state ${missing.join(', ')}, which ${page.path} uses`,
      'Add it to its target in handbook.yaml',
    )
}

/**
 * The same, until it is closed. If it is the practice deployment, asked for by name, and none is running, one is started that ends with
 * it.
 */
export async function openEnvironment(
  handbook: Handbook,
  name: string | undefined,
  practice: Practice,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<OpenEnvironment> {
  const known = Object.entries(handbook.file.environments).find(([known]) => known === name)?.[1]
  if (name === undefined || !known?.lab || !practice.start || (await practice.connect(handbook)))
    return { environment: await resolveEnvironment(handbook, name, practice), close: async () => undefined }
  const rules = await findRulesFolder(handbook)
  say('No lab is running: one comes up for this assessment')
  const { environment, close } = await practice.start(handbook, { rules, signal, say })
  return { environment: nameLab(environment, name, known, handbook.root), close }
}

/** The other environments that may be changed from this machine, too: what is meant for the one could be done in them. */
export function listReachable(environments: Handbook['file']['environments'], own: string): string[] {
  return Object.entries(environments).flatMap(([name, { hosts }]) =>
    name !== own && (hosts.length === 0 || hosts.includes(hostname())) ? [name] : [],
  )
}

/** What an environment has of its handbook. */
function describeHandbook(
  { file: { notify, environments } }: Handbook,
  own: string,
): Pick<Environment, 'notify' | 'others'> {
  const others = listReachable(environments, own)
  if (notify === undefined) return { others }
  const { command, webhook } = notify
  if (command === undefined && webhook === undefined) return { others }
  return {
    others,
    notify: { ...(command === undefined ? {} : { command }), ...(webhook === undefined ? {} : { webhook }) },
  }
}

type Known = Handbook['file']['environments'][string]

async function mergeLab(handbook: Handbook, name: string, known: Known, { connect }: Practice): Promise<Environment> {
  const lab = await connect(handbook)
  if (lab) return { ...nameLab(lab, name, known, handbook.root), ...describeHandbook(handbook, name) }
  throw new UsageError(
    `The environment ${name} is the practice deployment, and none is running`,
    'Start one: handbook lab up',
  )
}

/** A lab, as the handbook calls it and lets it be used. */
function nameLab(lab: Environment, name: string, known: Known, root: string): Environment {
  return {
    ...lab,
    name,
    auto: known.auto ?? lab.auto,
    protected: known.protected || lab.protected,
    sharedAccount: known.sharedAccount,
    roles: known.roles,
    approvedBeforehand: known.approvedBeforehand,
    shareEvidence: known.shareEvidence,
    target: { ...known.target, ...lab.target },
    services: { ...lab.services, ...withoutUndefined(known.services) },
    path: [...known.path, ...lab.path],
    variables: { ...lab.variables, ...known.variables },
    secrets: { ...lab.secrets, ...withoutUndefined(known.secrets) },
    approvers: { ...lab.approvers, ...listKeys(known.approvers) },
    acknowledged: known.acknowledged,
    ...(known.approvalValidFor === undefined ? {} : { approvalValidFor: known.approvalValidFor }),
    ...(known.changes === undefined ? {} : { changes: known.changes }),
    ...(known.lock === undefined ? {} : { lock: resolve(root, known.lock) }),
  }
}

function listKeys(approvers: Known['approvers']): Environment['approvers'] {
  return Object.fromEntries(Object.entries(approvers).map(([name, keys]) => [name, [keys].flat()]))
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(entries: Record<string, T>): Record<string, Defined<T>> {
  return JSON.parse(JSON.stringify(entries))
}
