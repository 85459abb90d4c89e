import { useEffect } from 'react'
import type { RunView } from './fold-messages.ts'

/** Marks the steps of the page beside a run with how they stand; a style sheet shows it, and nothing moves. */
export function useMarkedSteps(view: RunView | undefined): void {
  const steps = view?.state.steps
  useEffect(() => {
    for (const { id, status } of steps ?? []) {
      const card = document.querySelector<HTMLElement>(`section[aria-labelledby="${CSS.escape(id)}"]`)
      if (card) card.dataset.run = status === 'waiting' ? '' : status.replace('-', ' ')
    }
  }, [steps])
  useEffect(
    () => () => {
      for (const card of document.querySelectorAll<HTMLElement>('section[data-run]')) delete card.dataset.run
    },
    [],
  )
}
