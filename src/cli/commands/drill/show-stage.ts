import { makeVisible } from '../../../base/index.ts'
import type { DrillProgress, DrillStage } from '../../../drill/index.ts'

/** Shows what a drill begins to do; what a lab says of its parts is left out. */
export function showStage(progress: DrillProgress, show: (title: string) => void): void {
  if (progress.type === 'stage' && (progress.stage !== 'lab' || !progress.detail))
    show(TITLES[progress.stage](progress.detail && makeVisible(progress.detail)))
}

const TITLES: Readonly<Record<DrillStage, (detail: string | undefined) => string>> = {
  lab: () => 'a lab comes up',
  control: () => 'healthy: the page rules everything out',
  break: fault => `broken: ${fault}`,
  fire: alert => `${alert} fires`,
  diagnose: page => `${page} diagnoses`,
  notify: alert => `somebody is notified of ${alert}`,
  heal: () => 'the page runs as published',
  clear: alert => `${alert} clears`,
  still: alert => `${alert} goes on to fire, as nothing heals this`,
  undo: fault => `undone: ${fault}`,
  count: () => 'everything acknowledged is counted',
  walk: steps => `rolled back, it is as before: ${steps}`,
}
