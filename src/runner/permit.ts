import { hostname } from 'node:os'
import { isWithin } from '../base/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Run } from './run.ts'

/** Whether a step may run: yes, no since a person skips it or stops, or no since the environment refuses. */
export type Permission =
  | { readonly answer: 'run' | 'skip' | 'stop' }
  | { readonly answer: 'refused'; readonly why: string }

/** Asks the environment's policy, the mode and, where there is one, the person. */
export async function permit({ request, ports, suggestions, emit }: Run, step: Step): Promise<Permission> {
  const { environment, mode } = request
  if (step.risk === 'read') return { answer: 'run' }
  if (step.risk === 'danger' && environment.hosts.length > 0 && !environment.hosts.includes(hostname())) {
    return {
      answer: 'refused',
      why: `this machine is ${hostname()}; ${environment.name} is changed from ${environment.hosts.join(', ')}`,
    }
  }
  switch (mode) {
    case 'auto': {
      if (isWithin(step.risk, environment.auto)) return { answer: 'run' }
      return {
        answer: 'refused',
        why: `in ${environment.name} --auto goes as far as ${environment.auto}, and “${step.title}” is ${step.risk}`,
      }
    }
    case 'reading':
      return { answer: 'refused', why: `“${step.title}” changes something: that needs a terminal to ask in, or --auto` }
    case 'interactive': {
      emit({ type: 'run.waiting', for: 'confirmation', step: step.id, message: `May “${step.title}” run?` })
      return { answer: await ports.confirm(step, suggestions.get(step.id)) }
    }
    default:
      return mode satisfies never
  }
}
