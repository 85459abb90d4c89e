import { type CollectedMetric, collectMetrics } from './collect-metrics.ts'

/** The metrics of the service itself. */
export const serviceMetrics = async () =>
  table((await collectMetrics()).filter(({ name }) => name.startsWith('upload_bridge_')))

/** The metrics that every Node.js process has. */
export const processMetrics = async () =>
  table((await collectMetrics()).filter(({ name }) => !name.startsWith('upload_bridge_')))

function table(metrics: readonly CollectedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, programs, help }) => {
    const named = labels.map(label => `\`${label}\``).join(', ') || 'none'
    return `| \`${name}\` | ${type} | ${named} | ${programs.join(', ')} | ${help.replace(/[|<>{}]/g, '\\$&').replace(/\.$/, '')} |`
  })
  return ['| metric | type | labels | of | what it is |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}
