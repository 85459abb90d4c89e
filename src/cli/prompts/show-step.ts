import pc from 'picocolors'
import { makeVisible } from '../../base/index.ts'
import type { Environment } from '../../environments/index.ts'
import { wrapText } from '../../report/index.ts'
import type { StepQuestion } from '../../runner/index.ts'

/** Where text goes above a question. */
interface Lines {
  readonly step: (text: string) => void
  readonly info: (text: string) => void
  readonly warn: (text: string) => void
}

/** The first things of a plan that are named. */
const NAMED = 10

/** Shows what a step is about to do: why, what cannot be undone, what was found, every line of its block, and what it will touch. */
export function showStep(
  question: StepQuestion,
  environment: Environment,
  log: Lines,
  show: (code: string) => void,
): void {
  const { step, why, number, of, plan, brief } = question
  const danger = step.risk === 'danger'
  const place = danger && brief ? `${environment.name}, on ${brief.host}` : environment.name
  const header = inPrompt(`Step ${number} of ${of} · ${step.title} · ${step.risk} in ${place}`)
  log.step(header)
  if (danger && step.block.prose !== undefined) log.info(inPrompt(step.block.prose))
  if (why !== undefined) log.info(inPrompt(`Suggested: ${why}`))
  if (step.irreversible !== undefined) log.warn(inPrompt(`Cannot be undone: ${step.irreversible}`))
  if (danger && brief && brief.found.length > 0) log.info(['Found so far:', ...brief.found.map(inPrompt)].join('\n'))
  const code = brief?.lines.join('\n') ?? step.block.code
  show(code)
  if (plan) {
    const more = plan.items.length - NAMED
    const names = plan.items.slice(0, NAMED).join(', ')
    log.warn(
      inPrompt(
        `It will touch ${plan.items.length} of #${plan.by}, no more: ${names}${more > 0 ? `, and ${more} more` : ''}`,
      ),
    )
  }
  if (code.split('\n').length > 12) log.step(header)
}

/** The question itself: for danger with the place, because the header may be out of sight. */
export function wordQuestion({ step, brief }: StepQuestion, environment: Environment): string {
  if (step.risk !== 'danger') return 'Run it?'
  const place = brief ? `${environment.name}, on ${brief.host}` : environment.name
  return inPrompt(
    `${place}: ${step.irreversible === undefined ? 'this is dangerous' : 'this cannot be rolled back'}. Run it?`,
  )
}

/** What has to be typed before a dangerous step runs: the number of its plan, or the environment's name; often nothing. */
export function findTyped(
  { step, plan, brief }: StepQuestion,
  environment: Environment,
): { readonly word: string; readonly message: string } | undefined {
  if (step.risk !== 'danger') return undefined
  const count = plan?.items.length ?? 0
  if (step.max !== undefined && count > step.max) {
    const message = `It touches ${count}, and ${step.max} is the usual most. Type the number to run it in ${environment.name}`
    return { word: String(count), message: inTypedPrompt(message) }
  }
  const others = environment.others ?? []
  if (others.length === 0) return undefined
  const here = brief ? ` from ${brief.host}` : ''
  const message = `Type ${environment.name} to run it there${here}, not in ${others.join(' or ')}`
  return { word: environment.name, message: inTypedPrompt(message) }
}

/** Foreign words in lines that fit behind the prompt's gutter. */
export function inPrompt(text: string): string {
  return wrapText(makeVisible(text), (process.stdout.columns || 80) - 4).join('\n')
}

/** The same for a prompt in which somebody types: it draws no gutter before further lines of its message. */
export function inTypedPrompt(text: string): string {
  return inPrompt(text).replaceAll('\n', `\n${pc.gray('│')}  `)
}
