import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRules } from '../../src/alerts/index.ts'

const FOLDER = 'static/monitoring'

/** Every alert of the published rules: what it says, when it fires, and the page that answers it. */
export const alertEntries = async () => {
  const alerts = listRules().filter(rule => rule.kind === 'alert')
  return alerts
    .map(({ alert, labels, annotations, expr, for: wait = '0s' }) => {
      const { severity = 'none', ...others } = labels
      const title = [alert, ...Object.entries(others).map(([name, value]) => `${name} ${value}`)].join(', ')
      const path = new URL(annotations.runbook_url ?? '').pathname
      return [
        `### ${title}`,
        `**${sayLabels(annotations.summary ?? '')}.** Severity *${severity}*, when it holds for ${wait}. Runbook: [${path.split('/').at(-1)}](${path}).`,
        `For customers: ${(annotations.consequence ?? 'nothing').trim()}.`,
        `\`\`\`text\n${expr.trim()}\n\`\`\``,
        `Basis: ${(annotations.basis ?? 'none').trim()}.`,
        `Expected: ${(annotations.expected ?? 'not said').trim()}. To silence: ${(annotations.silence ?? 'not said').trim()}.`,
      ].join('\n\n')
    })
    .join('\n\n')
}

/** Every series that the published rules record. */
export const recordedSeries = async () => {
  const rows = listRules().flatMap(rule =>
    rule.kind === 'record'
      ? [`| \`${rule.record}\` | \`${rule.expr.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')}\` |`]
      : [],
  )
  return ['| series | is |', '| --- | --- |', ...rows].join('\n')
}

/** Labels by their names, where a rule has its template. */
function sayLabels(text: string): string {
  return text.replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
}

function listRules() {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.rules.yaml'))
    .sort()
    .flatMap(name => readRules(readFileSync(join(FOLDER, name), 'utf8'), name).rules)
}
