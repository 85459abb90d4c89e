import type { OpenQuestion } from '../../journal/index.ts'
import type { Step } from '../../procedure/index.ts'
import { ask, discardTypedAhead } from './ask.ts'
import { askReason, showBlock } from './ask-about-step.ts'
import { inPrompt, inTypedPrompt } from './show-step.ts'

/** What a run asks that goes on elsewhere, and what is known here of the step that it asks about. */
export interface AskedElsewhere {
  readonly question: OpenQuestion
  readonly environment: string
  /** The step as the run has it; nothing when its page is another one here. */
  readonly step: Step | undefined
  readonly risk: string
}

/** Asks a person what a run asks that goes on elsewhere. Nothing when they give up, or somebody else answers first: the signal aborts. */
export async function promptForQuestion(
  { question, environment, step, risk }: AskedElsewhere,
  signal: AbortSignal,
): Promise<{ readonly choice: string; readonly reason?: string } | undefined> {
  const { log, select, text } = await import('@clack/prompts')
  if (await discardTypedAhead()) return undefined
  const asksToRun = question.choices.includes('run')
  if (asksToRun && step) showBlock(step.block.code)
  if (asksToRun && !step) log.warn(inPrompt('Its block cannot be shown: the page here is not the one that runs'))
  const options = question.choices.map(value => ({ value, label: LABELS[value] ?? value }))
  const message = inPrompt(`${question.message} (${risk} in ${environment})`)
  for (;;) {
    const choice = await ask(signal => select({ message, options, signal }), signal)
    if (choice === undefined) return undefined
    if (question.withReason.includes(choice)) {
      const reason = await askReason('Why?', signal)
      if (reason !== undefined) return { choice, reason }
    } else if (choice !== 'run' || risk !== 'danger') return { choice }
    else {
      const validate = (value: string | undefined) => (value === environment ? undefined : `That is not ${environment}`)
      const wanted = inTypedPrompt(`This is dangerous. Type ${environment} to run it there`)
      if ((await ask(signal => text({ message: wanted, validate, signal }), signal)) !== undefined) return { choice }
    }
  }
}

const LABELS: Readonly<Record<string, string>> = {
  run: 'Run it',
  skip: 'Skip it, with a reason',
  back: 'Back to the step before',
  'to-end': 'Run to the end',
  stop: 'Stop the run: it can be resumed',
  retry: 'Run it again',
  'roll-back': 'Roll back what was done',
  end: 'Leave it as it failed, and go on to the end',
}
