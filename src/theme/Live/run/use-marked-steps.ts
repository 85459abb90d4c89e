import { useEffect } from 'react'
import { type RunView, sayStep } from './fold-messages.ts'

/** A step's card on the page. */
export function findCard(step: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`section[aria-labelledby="${CSS.escape(step)}"]`)
}

/** Marks the steps of the page beside a run with how they stand; a style sheet shows it, and nothing moves. */
export function useMarkedSteps(view: RunView | undefined): void {
  const steps = view?.state.steps
  useEffect(() => {
    for (const step of steps ?? []) {
      const card = findCard(step.id)
      if (card) card.dataset.run = step.status === 'running' ? 'running' : sayStep(step)
    }
  }, [steps])
  useEffect(
    () => () => {
      for (const card of document.querySelectorAll<HTMLElement>('section[data-run]')) delete card.dataset.run
    },
    [],
  )
}
