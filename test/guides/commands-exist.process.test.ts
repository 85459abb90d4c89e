import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { listNodes, parseProcedure, readTree } from '../../src/procedure/index.ts'
import { bundleBridge } from '../bridge/support/bundle-bridge.ts'
import { makeTemporaryFolder } from '../bridge/support/temporary-folder.ts'

/** A command that a page shows, in a block or in its text. */
interface Shown {
  readonly page: string
  readonly words: readonly string[]
}

const PAGES = ['docs', 'runbooks']
  .flatMap(folder => readdirSync(folder, { recursive: true }).map(name => join(folder, String(name))))
  .filter(path => /\.mdx?$/.test(path))
const known = PAGES.map(path => parseProcedure(readFileSync(path, 'utf8'), path))

/** The commands of a program that pages show; what follows a pipe, a quote or a comment is no part of them. */
function listShown(program: RegExp): Shown[] {
  return PAGES.flatMap(page =>
    listNodes(readTree(readFileSync(page, 'utf8'), page, () => {})).flatMap(node => {
      if (node.type !== 'code' && node.type !== 'inlineCode') return []
      if (node.type === 'code' && !['bash', 'ts', 'sh'].includes(node.lang ?? '')) return []
      return node.value
        .replaceAll(/\\\n\s*/g, ' ')
        .split('\n')
        .flatMap(line => [...line.matchAll(program)])
        .map(({ 1: rest = '' }) => ({ page, words: cutWords(rest) }))
        .filter(({ words }) => words.length > 0)
    }),
  )
}

function cutWords(rest: string): string[] {
  const [command = ''] = rest.split(/ #|[|;&<>`)"'“]|\$\{|2>/)
  return command.trim().split(/\s+/).filter(Boolean)
}

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
let bridgectl = ''
const helps = new Map<string, Promise<string>>()
beforeAll(async () => {
  folder = await makeTemporaryFolder()
  bridgectl = (await bundleBridge(folder.path)).bridgectl
  return () => folder.remove()
}, 120_000)

/** What `--help` of a command says. */
function readHelp(program: string, words: readonly string[]): Promise<string> {
  const key = [program, ...words].join(' ')
  const help =
    helps.get(key) ??
    execa(process.execPath, [program, ...words, '--help'], { reject: false, env: { NO_COLOR: '1' } }).then(
      ({ exitCode, stdout, stderr }) => (exitCode === 0 ? stdout : `no such command: ${stderr}`),
    )
  helps.set(key, help)
  return help
}

/** The words that name a command, of which there may be one within another. */
function cutCommand(words: readonly string[], groups: readonly string[]): readonly string[] {
  const [first = '', second] = words
  return groups.includes(first) && second !== undefined && /^[a-z]/.test(second) ? [first, second] : [first]
}

async function findUnknown(program: string, { page, words }: Shown, groups: readonly string[]): Promise<string[]> {
  const command = cutCommand(words, groups)
  if (!/^[a-z]/.test(command[0] ?? '')) return []
  const help = await readHelp(program, command)
  const options = words.filter(word => /^--[a-z]/.test(word) && word !== '--help').map(word => word.split('=')[0] ?? '')
  return [
    ...(help.startsWith('no such') ? [`${page}: ${words.join(' ')}: ${help.slice(0, 100)}`] : []),
    ...options
      .filter(option => !new RegExp(`${option}(?![\\w-])`).test(help))
      .map(option => `${page}: ${words.join(' ')}: no ${option}`),
  ]
}

describe('the commands that pages show', () => {
  it('of bridgectl are there, with their options', { timeout: 300_000 }, async () => {
    const shown = listShown(/(?:^|[\s`(|;&$])bridgectl ([^\n]+)/g)
    expect(shown.length).toBeGreaterThan(100)
    const groups = ['uploads', 'deliveries', 'admission', 'keys', 'backup', 'config', 'releases', 'clients', 'profile']
    const unknown: string[] = []
    for (const each of shown) unknown.push(...(await findUnknown(bridgectl, each, groups)))
    expect(unknown).toEqual([])
  })

  it('of handbook are there, with their options, pages, steps and parameters', { timeout: 300_000 }, async () => {
    const shown = listShown(/(?:^\s*|[`(|;&]\s*|npx (?:--no )?)handbook ([^\n]+)/g)
    expect(shown.length).toBeGreaterThan(100)
    const unknown: string[] = []
    for (const each of shown)
      unknown.push(
        ...(await findUnknown('dist/handbook.cjs', each, ['runs', 'lab', 'alerts', 'incident', 'new'])),
        ...findUnknownParts(each),
      )
    expect(unknown).toEqual([])
  })
})

it('blocks that run call the handbook that runs them, and not what npx finds or fetches', () => {
  const calls = known.flatMap(({ path, phases }) =>
    phases.flatMap(({ steps }) =>
      steps.flatMap(({ id, block: { code } }) =>
        [...code.matchAll(/(?:^|[|;&(]|\$`)\s*npx (?!--no )[^\n]*/gm)].map(([call]) => `${path}#${id}: ${call.trim()}`),
      ),
    ),
  )
  expect(calls).toEqual([])
})

/** What `handbook run` names and the page does not have. In capitals stands what the reader fills in. */
function findUnknownParts({ page, words }: Shown): string[] {
  const [command, id = '', ...rest] = words
  // Pages for those who write show pages that are not there.
  if (command !== 'run' || !/^[a-z][a-z-]*$/.test(id) || page.startsWith('docs/contributing/')) return []
  const procedure = known.find(each => each.id === id)
  if (!procedure) return [`${page}: there is no page ${id}`]
  const steps = procedure.phases.flatMap(phase => phase.steps.map(step => step.id))
  const params = procedure.params.map(({ name }) => name)
  return rest.flatMap((word, at) => {
    const value = rest[at + 1] ?? ''
    if (/^--(?:step|from)$/.test(word) && /^[a-z]/.test(value) && !steps.includes(value))
      return [`${page}: ${id} has no step ${value}`]
    const [name = ''] = value.split('=')
    return word === '--param' && /^[a-z]/.test(name) && !params.includes(name)
      ? [`${page}: ${id} has no parameter ${name}`]
      : []
  })
}
