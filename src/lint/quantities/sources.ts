import { posix } from 'node:path'
import { parse } from 'yaml'
import type { AlertRule, RuleFile } from '../../alerts/index.ts'
import type { Quantities } from '../../environments/index.ts'
import type { ReadText } from '../page.ts'
import { readCodeValue } from './code-marks.ts'

/** What is wrong between a quantity and one of its sources. */
export interface SourceDiffers {
  readonly message: string
  readonly expected: string
}

/** Compares a quantity with the configuration and the alert that it names. */
export async function compareSources(
  id: string,
  { value, configuration, alert }: Quantities[string],
  { rules, readText }: { readonly rules: RuleFile['rules']; readonly readText: ReadText },
): Promise<readonly SourceDiffers[]> {
  const differs: SourceDiffers[] = []
  if (configuration !== undefined) {
    const [path = '', key = ''] = configuration.split('#')
    const found = readKey(await readText(posix.normalize(path)), key)
    if (found === undefined) differs.push({ message: `${path} has no key ${key}`, expected: configuration })
    else if (!isSame(found, value)) differs.push({ message: `${id} is another value in ${path}`, expected: found })
  }
  if (alert !== undefined) {
    const [name = '', key = ''] = alert.split('#')
    const own = rules.filter(rule => rule.kind === 'alert').filter(rule => rule.alert === name)
    const found = own.flatMap(rule => readRule(rule, key))
    if (own.length === 0) differs.push({ message: `There is no alert ${name}`, expected: alert })
    else if (!found.some(one => isSame(one, value)))
      differs.push({
        message: `${id} is no value of ${alert}`,
        expected: own.map(rule => showRule(rule, key)).join(' or '),
      })
  }
  return differs
}

function readKey(text: string | undefined, key: string): string | undefined {
  if (text === undefined) return undefined
  let value: unknown = parse(text, { logLevel: 'error' })
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([name]) => name === part)?.[1]
  }
  return value === undefined ? undefined : String(value)
}

/** The values of a rule: how long it waits, or each time and each product of numbers in its expression. */
function readRule({ expr, for: waits = '0s' }: AlertRule, key: string): readonly string[] {
  if (key === 'for') return [waits]
  // Text in quotes is a label's value, and no threshold.
  return [...expr.replace(/"[^"]*"/g, '').matchAll(/(?<![\w.])\d[\d.]*(?:[a-z]+|(?:\s*\*\s*\d[\d.]*)*)/g)].map(
    ([found]) =>
      /[a-z]/.test(found) ? found : `${found.split('*').reduce((product, factor) => product * Number(factor), 1)}`,
  )
}

function showRule({ expr, for: waits = '0s' }: AlertRule, key: string): string {
  return (key === 'for' ? waits : expr).replace(/\s+/g, ' ').trim()
}

/** Whether a source says the value, whatever its unit: `26h`, `93600` and `26 hours` are the same. */
function isSame(found: string, value: string): boolean {
  const [one, other] = [found, value].map(
    text => readCodeValue(text) ?? (/^[\d.]+$/.test(text) ? Number(text) : undefined),
  )
  if (one === undefined || other === undefined) return found === value
  return Math.abs(one - other) <= 1e-9 * Math.abs(other)
}
