import { readFileSync } from 'node:fs'

const DASHBOARD = 'static/monitoring/upload-bridge.dashboard.json'

/** The queries of the published dashboard. */
export function listQueries(): string[] {
  const { panels }: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'))
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
}
