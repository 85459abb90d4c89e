import { toVariable } from '../../base/index.ts'
import type { RunWorld } from '../../operate/index.ts'

/** A block that an executor is to run, with all that it may see. */
export type Request = Parameters<NonNullable<RunWorld['executor']>['run']>[0]

/** The values that a block reads and that no earlier step gave, invented: for bash as variables, for ts as values. */
export function inventValues({
  language,
  code,
  steps,
  step,
  values,
  variables,
}: Request): Pick<Request, 'values' | 'variables'> {
  const missing = steps.filter(id => id !== step && !Object.hasOwn(values, id))
  if (language === 'bash') {
    const names = missing.flatMap(id => code.match(new RegExp(`\\bSTEP_${toVariable(id)}_[A-Z0-9_]+`, 'g')) ?? [])
    return { values, variables: { ...Object.fromEntries(names.map(name => [name, TEXT])), ...variables } }
  }
  const invented = missing.flatMap(id => {
    const keys = listRead(code, id)
    return keys === undefined ? [] : [[id, Object.fromEntries(keys.map(key => [key, invent(code, key)]))] as const]
  })
  return { values: { ...values, ...Object.fromEntries(invented) }, variables }
}

/** What is read of a step's value in a ts block; nothing when the block does not read it. */
function listRead(code: string, id: string): string[] | undefined {
  const name = String.raw`steps(?:\.${id}(?![\w$-])|\[['"]${id}['"]\])`
  if (!new RegExp(name).test(code)) return undefined
  const properties = [...code.matchAll(new RegExp(String.raw`${name}\.(\w+)`, 'g'))].map(([, key = '']) => key)
  const parts = [...code.matchAll(new RegExp(String.raw`\{([^{}]*)\}\s*=\s*${name}`, 'g'))]
  return [...properties, ...parts.flatMap(([, list = '']) => list.match(/\w+(?=\s*(?:[:=,]|$))/g) ?? [])]
}

/** A text that is a number, too; or a list of one where the block goes through a list. */
function invent(code: string, key: string): string | string[] {
  const isList = new RegExp(
    String.raw`\b${key}\??\.(?:map|filter|flatMap|some|every|find|join)\(|\bof (?:[\w.[\]'-]+\.)?${key}\b`,
  )
  return isList.test(code) ? [TEXT] : TEXT
}

const TEXT = '1'
