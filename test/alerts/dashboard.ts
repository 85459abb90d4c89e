import { readFileSync } from 'node:fs'

/** Where the published dashboard is in a Grafana; who installs the rules replaces the host. */
const GRAFANA = 'https://grafana.example'
const DASHBOARD = 'static/monitoring/upload-bridge.dashboard.json'

/** The addresses that an alert may lead to: the published dashboard, and each panel that shows numbers. */
export function listPanelAddresses(): string[] {
  const { uid, panels }: { uid: string; panels: { id: number; type: string }[] } = JSON.parse(
    readFileSync(DASHBOARD, 'utf8'),
  )
  const whole = `${GRAFANA}/d/${uid}`
  return [whole, ...panels.flatMap(({ id, type }) => (type === 'row' ? [] : [`${whole}?viewPanel=${id}`]))]
}

/** The queries of the published dashboard. */
export function listQueries(): string[] {
  const { panels }: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'))
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
}
