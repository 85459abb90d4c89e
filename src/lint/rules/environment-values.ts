import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { findClosest, toVariable } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { isTaken, type Place } from '../../procedure/index.ts'
import { oneOf, type Rule, type Violation, violation } from '../rule.ts'
import { judgeApprovers } from './approvers.ts'
import { judgeNamedSteps } from './named-steps.ts'

const FILE = 'handbook.yaml'

/** What an environment states is used when a page runs there, so what could not be used is found before. */
export const environmentValues: Rule = {
  id: 'environment-values',
  severity: 'error',
  summary:
    'An environment states what the handbook declares, by names that are free, and somebody may approve where that is needed',
  hint: 'Correct it in handbook.yaml',
  async checkHandbook(pages, { handbook: { file }, readText, today }) {
    const text = (await readText(FILE)) ?? ''
    const found = [...judgeEnvironments(file, text), ...judgeNamedSteps(file, pages, readPlaces(text), today)]
    return found.map(violation => ({ file: FILE, ...violation }))
  },
}

type Environment = HandbookFile['environments'][string]

/** What is wrong with the values of environments in the text of a `handbook.yaml`, each at its key. */
export function judgeEnvironments(file: HandbookFile, text: string): Violation[] {
  const placeOf = readPlaces(text)
  return [
    ...judgeDeclared(file, placeOf),
    ...Object.entries(file.environments).flatMap(([name, environment]) => {
      const at = (...path: readonly string[]) => placeOf(['environments', name, ...path])
      return [
        ...judgeFacts(environment, file, at),
        ...judgeServices(environment, file, at),
        ...judgeVariables(environment, at),
        ...judgeSecrets(environment, file, at),
        ...judgeTexts(environment, at),
        ...judgeApprovers(name, environment, at),
      ]
    }),
  ]
}

type PlaceOf = (...path: readonly string[]) => Place

function judgeDeclared({ target, secrets }: HandbookFile, placeOf: (path: readonly string[]) => Place): Violation[] {
  return [
    ...findTwins(Object.keys(target)).map(([fact, other]) =>
      violation(placeOf(['target', fact]), `${describeTwins(fact, other)}: TARGET_${toVariable(fact)}`, {
        found: fact,
        hint: RENAME,
      }),
    ),
    ...findTwins(Object.keys(secrets)).map(([name, other]) =>
      violation(placeOf(['secrets', name]), `${describeTwins(name, other)}: ${toVariable(name)}`, {
        found: name,
        hint: RENAME,
      }),
    ),
    ...Object.keys(secrets).flatMap(name => judgeSecretName(name, placeOf(['secrets', name]))),
  ]
}

const RENAME = 'Give one of them another name'

function describeTwins(one: string, other: string): string {
  return `${one} and ${other} have one name in bash`
}

/** Names that are one variable: each later one, with the first. */
function findTwins(names: readonly string[]): (readonly [later: string, first: string])[] {
  return names.flatMap((name, index) => {
    const first = names.slice(0, index).find(other => toVariable(other) === toVariable(name))
    return first === undefined ? [] : [[name, first] as const]
  })
}

function judgeFacts({ target }: Environment, file: HandbookFile, at: PlaceOf): Violation[] {
  return Object.entries(target).flatMap(([fact, value]) => {
    const declared = Object.entries(file.target).find(([known]) => known === fact)?.[1]
    if (!declared)
      return [
        unknown(at('target', fact), `handbook.yaml declares no fact ${fact}`, fact, Object.keys(file.target), 'target'),
      ]
    if (typeof value === declared.type) return []
    const message = `The fact ${fact} is a ${typeof value}, and handbook.yaml declares a ${declared.type}`
    const hint =
      declared.type === 'string' ? `Put it in quotes: "${value}"` : `Write a ${declared.type}, without quotes`
    return [violation(at('target', fact), message, { found: String(value), expected: declared.type, hint })]
  })
}

function judgeServices({ services, lab }: Environment, file: HandbookFile, at: PlaceOf): Violation[] {
  return Object.entries(services).flatMap(([service, commands]) => {
    if (!file.services.includes(service) && !lab)
      return [
        unknown(
          at('services', service),
          `handbook.yaml names no service ${service}`,
          service,
          file.services,
          'services',
        ),
      ]
    return Object.entries(commands).flatMap(([action, command]) =>
      command?.trim() === '' ? [empty(at('services', service, action), `The command for ${action} of ${service}`)] : [],
    )
  })
}

function unknown(place: Place, message: string, found: string, known: readonly string[], key: string): Violation {
  const closest = findClosest(found, known)
  const hint =
    closest === undefined
      ? `Declare it first, in ${key} at the top of handbook.yaml, or remove it`
      : `Did you mean ${closest}?`
  return violation(place, message, { found, expected: oneOf(known), hint })
}

function empty(place: Place, what: string): Violation {
  return violation(place, `${what} is empty`, { hint: 'Write it, or remove the key' })
}

/** Variables that the shell or a run sets itself, or that would change what a block means. */
const RESERVED =
  /^(?:(?:STEP|TARGET|HB|BASH)_\w*|PATH|PWD|OLDPWD|IFS|ENV|SHLVL|UID|EUID|PPID|GROUPS|RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|EPOCHREALTIME|LINENO|FUNCNAME|PIPESTATUS|DIRSTACK|BASH|BASHPID|BASHOPTS|SHELLOPTS|OPTIND|POSIXLY_CORRECT|_)$/

function judgeVariables({ variables, secrets }: Environment, at: PlaceOf): Violation[] {
  const names = Object.keys(variables)
  const reserved = names.filter(name => RESERVED.test(name))
  const isSecret = new Map(Object.keys(secrets).map(name => [toVariable(name), name]))
  const [first] = reserved
  return [
    ...(first === undefined
      ? []
      : [
          violation(at('variables', first), `A run or the shell sets ${reserved.join(', ')} itself`, {
            found: reserved.join(', '),
            hint: first === 'PATH' ? 'Name folders in path: instead' : 'Choose another name',
          }),
        ]),
    ...names.flatMap(name => {
      const place = at('variables', name)
      if (!/^[A-Za-z_]\w*$/.test(name))
        return [
          violation(place, `${name} is no name of a variable`, { found: name, hint: 'Write letters, digits and _' }),
        ]
      const secret = isSecret.get(name)
      if (secret === undefined) return []
      return [violation(place, `The secret ${secret} is the variable ${name}, too`, { found: name, hint: RENAME })]
    }),
  ]
}

function judgeSecrets({ secrets }: Environment, file: HandbookFile, at: PlaceOf): Violation[] {
  const names = Object.keys(secrets)
  const declared = Object.keys(file.secrets)
  const twins = findTwins([...declared.filter(name => !names.includes(name)), ...names]).filter(([name]) =>
    names.includes(name),
  )
  return [
    ...twins.map(([name, other]) =>
      violation(at('secrets', name), `${describeTwins(name, other)}: ${toVariable(name)}`, {
        found: name,
        hint: RENAME,
      }),
    ),
    ...Object.entries(secrets).flatMap(([name, { env, file, command, issue }]) => [
      ...(declared.includes(name) ? [] : judgeSecretName(name, at('secrets', name))),
      ...Object.entries({ env, file, command, issue }).flatMap(([key, source]) =>
        source?.trim() === '' ? [empty(at('secrets', name, key), `The ${key} of the secret ${name}`)] : [],
      ),
      ...(env !== undefined && env.trim() !== '' && !/^[A-Za-z_]\w*$/.test(env)
        ? [
            violation(at('secrets', name, 'env'), `${env} is no name of a variable`, {
              found: env,
              hint: 'Write the name, without $',
            }),
          ]
        : []),
    ]),
  ]
}

function judgeSecretName(name: string, place: Place): Violation[] {
  const variable = toVariable(name)
  if (/^[A-Z_]\w*$/.test(variable) && !isTaken(name)) return []
  const message = isTaken(name)
    ? `The secret ${name} would be the variable ${variable}, which is taken`
    : `The secret ${name} has no name in bash: ${variable}`
  return [violation(place, message, { found: name, hint: 'Give it another name' })]
}

function judgeTexts({ path, hosts }: Environment, at: PlaceOf): Violation[] {
  return [
    ...(path.some(folder => folder.trim() === '') ? [empty(at('path'), 'A folder')] : []),
    ...(hosts.some(host => host.trim() === '') ? [empty(at('hosts'), 'A host')] : []),
  ]
}

/** Finds the places of keys in the text of a `handbook.yaml`; for a missing key, that of the nearest key above it. A number counts the entries of a list. */
export function readPlaces(text: string): (path: readonly string[]) => Place {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  return path => {
    let node: unknown = document.contents
    let offset = 0
    for (const name of path) {
      const item = isSeq(node) ? node.items[Number(name)] : undefined
      if (isMap(item)) {
        offset = item.range?.[0] ?? offset
        node = item
        continue
      }
      const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined
      if (!pair || !isScalar(pair.key)) break
      offset = pair.key.range?.[0] ?? offset
      node = pair.value
    }
    const { line, col } = counter.linePos(offset)
    return { line, column: col }
  }
}
