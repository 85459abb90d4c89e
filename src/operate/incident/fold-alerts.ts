import type { TimelineEntry } from '../../journal/index.ts'

/**
 * Alerts of one name that began, or ended, in the same second, as one line with their count: labels tell them apart, and those are not recorded
 * because they may name customers. The line that somebody pinned stands for all.
 */
export function foldAlerts(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const groups = new Map<string, TimelineEntry[]>()
  for (const entry of entries) {
    const { id, kind, time, text } = entry
    const key = kind === 'alert' ? `${time.slice(0, 19)} ${text}` : id
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()].flatMap(group => {
    const shown = group.find(({ pinned }) => pinned) ?? group[0]
    if (shown === undefined || group.length === 1) return shown ?? []
    return { ...shown, text: `${shown.text}: ${group.length} alerts, which differ in their labels` }
  })
}
