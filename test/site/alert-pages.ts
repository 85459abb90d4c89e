import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

interface Alert {
  readonly alert?: string
  readonly annotations?: { readonly runbook_url: string }
}

const { groups }: { groups: { rules: Alert[] }[] } = parse(
  readFileSync('static/monitoring/upload-bridge.rules.yaml', 'utf8'),
)
/** What one may search for when an alert fires: its name, and its words; and the page that it leads to. */
export const ALERT_PAGES = groups.flatMap(({ rules }) =>
  rules.flatMap(({ alert = '', annotations }) => {
    if (!annotations) return []
    const page = new URL(annotations.runbook_url).pathname
    const words = alert.replace(/^UploadBridge/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    return [[alert, page] as const, [words, page] as const]
  }),
)
