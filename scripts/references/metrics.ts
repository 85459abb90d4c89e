import { type CollectedMetric, collectMetrics } from './collect-metrics.ts'

/** The metrics of the service itself. */
export const serviceMetrics = async () =>
  table((await collectMetrics()).filter(({ name }) => name.startsWith('upload_bridge_')))

/** The metrics that every Node.js process has. */
export const processMetrics = async () =>
  table((await collectMetrics()).filter(({ name }) => !name.startsWith('upload_bridge_')))

function table(metrics: readonly CollectedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, programs, help }) => {
    const named = labels.length === 0 ? '' : ` by ${labels.map(label => `\`${label}\``).join(', ')}`
    const meaning = help.replace(/[|<>{}]/g, '\\$&').replace(/\.$/, '')
    // On a phone two columns are what there is room for.
    return `| \`${name}\`<br/>${type}${named} | ${meaning} | ${programs.join(', ')} |`
  })
  return ['| metric | is | of |', '| --- | --- | --- |', ...rows].join('\n')
}
