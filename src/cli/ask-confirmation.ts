import type { Environment } from '../base/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Answer } from '../runner/index.ts'

/** Asks a person in the terminal whether a step may run; a dangerous one wants the environment's name typed. */
export async function askConfirmation(
  step: Step,
  why: string | undefined,
  environment: Environment,
  signal: AbortSignal,
): Promise<Answer> {
  const { isCancel, note, select, text } = await import('@clack/prompts')
  note(why ? `${why}\n\n${step.block.code}` : step.block.code, step.title)
  const answer = await select<Answer>({
    message: `Run this in ${environment.name}?`,
    options: [
      { value: 'run', label: 'Run it' },
      { value: 'skip', label: 'Skip it' },
      { value: 'stop', label: 'Stop here' },
    ],
    signal,
  })
  if (isCancel(answer)) return 'stop'
  if (answer !== 'run' || step.risk !== 'danger') return answer
  const typed = await text({
    message: `This cannot be taken back. Type ${environment.name} to run it`,
    validate: value => (value === environment.name ? undefined : `That is not ${environment.name}`),
    signal,
  })
  return isCancel(typed) ? 'stop' : 'run'
}
