import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { countOf, describeFailure } from '../../base/index.ts'
import type { Environment, SecretSource } from '../../environments/index.ts'
import type { RunStore } from '../../journal/index.ts'
import { demandReadable, UsageError } from '../errors.ts'
import { findProcedure } from '../open/find-procedure.ts'
import { inheritVariables } from '../open/inherit-variables.ts'
import { listMissingFacts, resolveEnvironment } from '../open/open-environment.ts'
import { demandHandbook, findStore } from '../open/open-handbook.ts'
import { readSecrets } from '../open/read-secrets.ts'
import { findUsed, listPrograms, type UsedInPage } from '../open/used-in-page.ts'
import type { Ports, Variables } from '../ports.ts'
import { listUnreverted } from '../runs/list-unreverted-changes.ts'
import { examineAccount } from './examine-account.ts'
import { askAlertmanager, askPrometheus, asksMonitoring, sparePage } from './examine-monitoring.ts'
import { examineApproval, examineHost, examineLock } from './examine-permission.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** What to examine. */
export interface ExamineOptions {
  /** The environment's name; without it, a running lab. */
  readonly environment?: string | undefined
  /** The page that is to be run: its id, path, or an alert's name. */
  readonly page?: string | undefined
}

/** Whether a page, or any, can be run somewhere. */
export interface Examination {
  readonly environment: string
  readonly page?: string
  readonly findings: readonly Finding[]
}

/**
 * Looks whether a page can be run in an environment, here and now, and changes nothing. Throws a `UsageError` for a page or an
 * environment that there is not, and a `BrokenPageError` for a page that cannot be read as a program.
 */
export async function examine(
  { environment: name, page }: ExamineOptions,
  { cwd, env, bundles, practice, by }: Pick<Ports, 'cwd' | 'env' | 'bundles' | 'practice' | 'by'>,
): Promise<Examination> {
  const found = page === undefined ? undefined : await findProcedure(page, cwd)
  const procedure = found?.procedure
  if (procedure) demandReadable(procedure)
  const handbook = found ? found.handbook : await demandHandbook(cwd)
  const environment = await resolveEnvironment(handbook, name, practice, found?.besides)
  const declared = Object.keys(handbook?.file.target ?? {})
  const used = procedure && findUsed(procedure, declared)
  const store = findStore(handbook?.root, env)
  const root = handbook?.root ?? cwd
  const findings = await Promise.all([
    examineFacts(environment, used?.facts ?? declared, used !== undefined),
    used ? examineCommands(environment, used, { folder: root, env: inheritVariables(env, bundles) }) : [],
    used ? examineAccount(environment, used.facts) : [],
    examineServices(environment, used),
    ...Object.entries(environment.secrets).map(([secret, source]) =>
      examineSecret(secret, source, environment, { folder: root, env }),
    ),
    examineHost(environment, by.host, procedure, used),
    examineApproval(environment, procedure, by.user),
    examineLock(environment),
    ...[askPrometheus(environment), askAlertmanager(environment, procedure)].map(async asked =>
      procedure === undefined || asksMonitoring(procedure) ? asked : (await asked).map(sparePage),
    ),
    examineRecord(store),
    examineOthers(store, environment),
  ])
  return { environment: environment.name, ...(procedure ? { page: procedure.id } : {}), findings: findings.flat() }
}

function examineFacts(environment: Environment, facts: readonly string[], ofPage: boolean): Finding[] {
  const missing = listMissingFacts(environment, facts)
  if (missing.length === 0) {
    const which = ofPage ? 'that this page uses ' : ''
    return facts.length === 0
      ? []
      : [good('facts', `${countOf(facts.length, 'fact')} ${which}${facts.length === 1 ? 'is' : 'are'} stated`)]
  }
  return missing.map(fact =>
    bad('facts', `${fact} is not stated`, `Add it to target of ${environment.name} in handbook.yaml`),
  )
}

/** Bash itself says what a name is to it: a program, or something of its own. */
async function examineCommands(
  environment: Environment,
  { commands, services }: UsedInPage,
  { folder, env }: { readonly folder: string; readonly env: Variables },
): Promise<Finding[]> {
  const callers = new Map(
    services.flatMap(({ name, action }) => {
      const command = commandOf(environment, name, action)
      return command === undefined
        ? []
        : listPrograms(command).map((program): [string, string] => [program, `${name} ${action}`])
    }),
  )
  const all = [...new Set([...commands, ...callers.keys()])]
  if (all.length === 0) return []
  const path = [...environment.path, env.PATH ?? ''].join(':')
  const script = 'for name; do type -t -- "$name" > /dev/null || printf "%s\\n" "$name"; done'
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', ...all], {
    cwd: folder,
    env: { PATH: path },
  })
  const missing = stdout.split('\n').filter(Boolean)
  if (missing.length === 0)
    return [good('commands', `${countOf(all.length, 'command')} of this page ${all.length === 1 ? 'is' : 'are'} there`)]
  return missing.map(name => {
    const caller = commands.includes(name) ? undefined : callers.get(name)
    return bad(
      'commands',
      `${name}${caller === undefined ? '' : `, which “${caller}” calls,`} is not installed here`,
      'Install it, or run the page where it is',
    )
  })
}

function examineServices(environment: Environment, used: UsedInPage | undefined): Finding[] {
  if (!used || used.services.length === 0) return []
  const missing = used.services.filter(({ name, action }) => commandOf(environment, name, action) === undefined)
  if (missing.length === 0)
    return [
      good(
        'services',
        `what this page asks of services is known: ${used.services.map(({ name, action }) => `${name} ${action}`).join(', ')}`,
      ),
    ]
  return missing.map(({ name, action }) =>
    bad(
      'services',
      `${environment.name} has no command for ${name} ${action}`,
      `Add it to services of ${environment.name} in handbook.yaml`,
    ),
  )
}

function commandOf({ services }: Environment, name: string, action: string): string | undefined {
  return Object.entries(services[name] ?? {}).find(([known]) => known === action)?.[1]
}

/** A secret's command is not run: it may ask somebody to unlock a key. What a variable or a file gives is judged as a run does. */
async function examineSecret(
  secret: string,
  source: SecretSource,
  environment: Environment,
  reader: { readonly folder: string; readonly env: Variables },
): Promise<Finding> {
  const topic = `secret ${secret}`
  const { env: variable, file, command, issue } = source
  if (issue !== undefined)
    return { topic, state: 'unknown', says: 'it is issued when a step needs it; its command was not run' }
  if (command !== undefined)
    return { topic, state: 'unknown', says: 'its command was not run', hint: `Try it: ${command} > /dev/null` }
  try {
    await readSecrets({ ...environment, secrets: { [secret]: source } }, reader)
  } catch (error) {
    const hint =
      variable === undefined ? 'Run as an account that may read it, or write it' : `Set it: export ${variable}=…`
    const says = describeFailure(error).replace(`The secret ${secret} of ${environment.name} `, '')
    return bad(topic, says, error instanceof UsageError && error.hint !== undefined ? error.hint : hint)
  }
  return good(topic, variable === undefined ? `${file} can be read` : `$${variable} is set`)
}

async function examineRecord(store: RunStore): Promise<Finding[]> {
  const problem = await store.whyFull()
  return [
    problem === undefined
      ? good('record', 'there is room for the record of a run')
      : bad('record', problem, 'A run says where its record goes instead, or wants --unrecorded REASON'),
  ]
}

async function examineOthers(store: RunStore, { name, deployment }: Environment): Promise<Finding[]> {
  const { runs } = await store.list({ limit: 20 })
  const running = runs.filter(run => run.running && run.environment === name)
  const unreverted = await listUnreverted(store, name, deployment)
  return [
    ...running.map(({ id, procedure, by }) =>
      note(
        'runs',
        `${procedure} is run by ${by?.user}@${by?.host} now (${id})`,
        'Until it ends, another run of this page is refused, and one of another page goes on beside it',
      ),
    ),
    ...(unreverted.length > 0
      ? [
          note(
            'runs',
            `${countOf(unreverted.length, 'change')} of earlier runs ${unreverted.length === 1 ? 'is' : 'are'} unreverted`,
            'See handbook runs unreverted',
          ),
        ]
      : []),
  ]
}
