import { toVariable } from '../../base/index.ts'
import { readShell } from '../../lint/index.ts'
import type { Procedure } from '../../procedure/index.ts'

/** What the blocks of a page need of the environment that they run in, as far as their text tells. */
export interface UsedInPage {
  /** Facts of the target. */
  readonly facts: readonly string[]
  /** Programs that a block calls by name. What it asks for with `command -v` is not among them: it can do without. */
  readonly commands: readonly string[]
  /** What is asked of services. */
  readonly services: readonly { readonly name: string; readonly action: string }[]
  /** Whether a block looks on which host it runs. */
  readonly assertsHost: boolean
}

/** The facts of the target that a page's blocks read, of those that the handbook declares. */
export function findUsedFacts({ phases }: Pick<Procedure, 'phases'>, facts: readonly string[]): string[] {
  const blocks = phases.flatMap(({ steps }) => steps.map(({ block }) => block))
  return facts.filter(fact =>
    blocks.some(({ language, code }) =>
      language === 'bash' ? new RegExp(`\\bTARGET_${toVariable(fact)}\\b`).test(code) : readsFact(code, fact),
    ),
  )
}

/** Reads what a page needs. `facts` are the names that the handbook declares. */
export function findUsed({ phases }: Pick<Procedure, 'phases'>, facts: readonly string[]): UsedInPage {
  const blocks = phases.flatMap(({ steps }) => steps.map(({ block }) => block))
  const bash = blocks.filter(({ language }) => language === 'bash').map(({ code }) => code)
  const ts = blocks.filter(({ language }) => language === 'ts').map(({ code }) => code)
  const scripts = bash.map(readShell)
  return {
    facts: findUsedFacts({ phases }, facts),
    commands: unique([...scripts.flatMap(listCommands), ...ts.flatMap(listCalled)]),
    services: [
      ...scripts
        .flatMap(({ commands }) => commands)
        .map(words => words.map(({ text }) => text))
        .flatMap(([verb, what, name, action]) =>
          verb === 'hb' && what === 'service' && name !== undefined && action !== undefined ? [{ name, action }] : [],
        ),
      ...ts.flatMap(code =>
        [...code.matchAll(/\bservice\(\s*(['"`])([\w-]+)\1\s*,\s*(['"`])(\w+)\3/g)].map(
          ([, , name = '', , action = '']) => ({
            name,
            action,
          }),
        ),
      ),
    ].filter((one, at, all) => all.findIndex(({ name, action }) => name === one.name && action === one.action) === at),
    assertsHost: ts.some(code => /\bassertHost\(/.test(code)),
  }
}

/** Whether code reads a fact of `target`; where it takes `target` as a whole, it may read any. */
function readsFact(code: string, fact: string): boolean {
  if (!/\btarget\b/.test(code)) return false
  return (
    new RegExp(`\\b${fact}\\b`).test(code) ||
    /\btarget\b(?!\s*[.?[])/.test(code.replace(/\{[^{}]*\}\s*=\s*target\b/g, ''))
  )
}

/** The programs that a shell text calls by name. */
export function listPrograms(text: string): string[] {
  return unique(listCommands(readShell(text)))
}

/** The programs that a bash block calls: the first word of each command, but for functions of its own. */
function listCommands({ commands, functions }: ReturnType<typeof readShell>): string[] {
  const texts = commands.map(words => words.map(({ text }) => text))
  const asked = new Set(texts.flatMap(words => (words[0] === 'command' && words[1] === '-v' ? words.slice(2) : [])))
  return texts.flatMap(([name]) => {
    if (name === undefined || asked.has(name) || functions.has(name)) return []
    return /^[\w./+-]+$/.test(name) && !/^-|^\d+$/.test(name) ? [name] : []
  })
}

/** The programs that zx is told to run. */
function listCalled(code: string): string[] {
  return [...code.matchAll(/\$(?:\([^)]*\))?`\s*([\w./-]+)/g)].map(([, name = '']) => name)
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter(name => name !== 'hb').toSorted()
}
