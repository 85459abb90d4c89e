import type { HandbookFile } from '../../environments/index.ts'
import { findUsed } from '../../operate/index.ts'
import type { Procedure, Step } from '../../procedure/index.ts'
import { REAL } from './real-programs.ts'
import { listReading } from './try-page.ts'

/** Something that steps ask: a URL of the target, a command, or a service. */
export interface Input {
  readonly kind: 'url' | 'command' | 'service'
  readonly name: string
}

/** What a step asks, as far as its block shows it. Files are no inputs here. */
export function listInputs(
  step: Step,
  { target, services }: Pick<HandbookFile, 'target' | 'services'>,
): readonly Input[] {
  const alone = { phases: [{ name: step.phase, title: '', line: 1, column: 1, steps: [step] }] }
  const { facts, commands, services: asked } = findUsed(alone, Object.keys(target))
  const urls = facts.filter(name => /url$/i.test(name))
  // `prom` asks Prometheus without naming the fact.
  if (/\bprom\(/.test(step.block.code) && 'prometheusUrl' in target) urls.push('prometheusUrl')
  return [
    ...[...new Set(urls)].map(name => ({ kind: 'url', name }) as const),
    ...commands
      .filter(name => /^[\w.+-]+$/.test(name) && !REAL.includes(name) && !BUILT_IN.includes(name))
      .map(name => ({ kind: 'command', name }) as const),
    ...[...new Set(asked.map(({ name }) => name))]
      .filter(name => services.includes(name))
      .map(name => ({ kind: 'service', name }) as const),
  ]
}

/** What a try of one input needs: the steps that ask it beside others, and those whose values these read. */
export interface LonelyTry {
  readonly page: Procedure
  readonly input: Input
  readonly steps: readonly Step[]
  /** The ids of the steps that are judged. */
  readonly judged: readonly string[]
}

/** Each input of each page, with the steps that ask it and something else. */
export function listLonelyTries(
  page: Procedure,
  file: Pick<HandbookFile, 'target' | 'services'>,
): readonly LonelyTry[] {
  const steps = listReading(page)
  const several = steps.flatMap(step => {
    const inputs = listInputs(step, file)
    return inputs.length < 2 ? [] : [{ step, inputs }]
  })
  const names = new Map(several.flatMap(({ inputs }) => inputs.map(input => [`${input.kind} ${input.name}`, input])))
  return [...names.values()].map(input => {
    const asking = several.filter(({ inputs }) =>
      inputs.some(({ kind, name }) => kind === input.kind && name === input.name),
    )
    const wanted = new Set(asking.map(({ step }) => step))
    // From the end, so that what gives a value to what gives one is kept, too.
    for (const step of steps.toReversed()) if ([...wanted].some(other => reads(other, step))) wanted.add(step)
    return { page, input, steps: steps.filter(step => wanted.has(step)), judged: asking.map(({ step }) => step.id) }
  })
}

/** Whether a step reads a value of another. */
function reads({ block }: Step, { id }: Step): boolean {
  const variable = `STEP_${id.toUpperCase().replaceAll('-', '_')}_`
  return [`steps.${id}`, `steps['${id}']`, variable].some(name => block.code.includes(name))
}

/** Commands of bash that are no programs, and those that show or wait. */
const BUILT_IN = [
  'hb',
  'sleep',
  'set',
  'trap',
  'read',
  'exit',
  'cd',
  'export',
  'local',
  'shift',
  'wait',
  'kill',
  'return',
  'jobs',
  'type',
  'command',
  'exec',
  'eval',
  'source',
  'mapfile',
  'declare',
  'let',
  'continue',
  'break',
  'unset',
  'printf',
  'umask',
  'ulimit',
  ':',
  '.',
]
