/** How urgent an area was said to be. */
export type Priority = 'high' | 'medium' | 'low'

/** Whether every deployment needs an item; `if-multi-user` ones only where there is more than one user. */
export type Need = 'required' | 'optional' | 'if-multi-user'

/** One of the ten areas of the assessment. */
export interface Area {
  readonly id: string
  readonly title: string
  readonly priority: Priority
  /** Percent claimed by hand then; null where nothing was claimed. */
  readonly claimed: number | null
  readonly items: readonly Item[]
}

/** One of the 62 things that the assessment asks for. */
export interface Item {
  readonly id: string
  readonly title: string
  readonly need: Need
}

/** The assessment by hand that this one takes the place of: ten areas, 62 items, and what was claimed of each area. */
export const AREAS: readonly Area[] = [
  area('log', 'Logging & monitoring', 'high', 30, [
    'Structured logs, JSON',
    'Log levels configurable',
    'Rotation and retention',
    'Central log shipping (optional)',
    'Performance metrics logged',
    'Audit trail of user actions',
    'Error tracking integration (optional)',
  ]),
  area('conf', 'Configuration', 'high', 40, [
    'One configuration manager',
    'Per environment (dev, staging, prod)',
    'Validation',
    'Secrets managed safely',
    'YAML/JSON files',
    'Changes at run time',
  ]),
  area('sec', 'Security hardening', 'high', 60, [
    'Input validation audited',
    'File paths sanitised',
    'SQL injection prevented',
    'XSS prevented',
    'Files handled safely',
    'Permission checks',
    'Security headers',
    'Dependency vulnerabilities scanned',
  ]),
  area('health', 'Health & monitoring', 'medium', 20, [
    'Health endpoint',
    'Memory, CPU, disk monitored',
    'Request counts, error rates',
    'Alerting (optional)',
    'Performance monitored',
    'Uptime monitored',
  ]),
  area('ops', 'Deployment & DevOps', 'medium', 30, [
    'CI/CD pipeline',
    'Automated tests in CI',
    'Automated builds',
    'Container image (optional)',
    'Deployment scripts',
    'Rollback procedure',
    'Environment set-up automated',
  ]),
  area('bak', 'Backup & recovery', 'medium', 10, [
    'Data backup strategy',
    'Configuration backup',
    'Recovery procedures',
    'Disaster recovery plan',
    'Backups are tested',
  ]),
  area('perf', 'Performance', 'low', null, [
    'Caching layer',
    'Database queries optimised',
    'Memory optimised',
    'Long work is asynchronous',
    'Load tests',
    'Profiling',
  ]),
  area('doc', 'Documentation', 'medium', 80, [
    'Operations runbook',
    'Troubleshooting guide',
    'Incident response procedures',
    'Deployment guide',
    'Monitoring guide',
    'Security guide',
  ]),
  area('gate', 'Review & quality gates', 'medium', null, [
    'Pre-commit hooks',
    'Review checklist',
    'Automated quality checks',
    'Coverage gate',
    'Lint enforced',
    'Types enforced',
  ]),
  area(
    'auth',
    'Users & access',
    'low',
    null,
    ['Authentication', 'Role-based access', 'Sessions managed', 'Password policy', 'User activity logged'],
    'if-multi-user',
  ),
]

/** What the assessment by hand said beside its areas: its total, and the five parts that it called complete. */
export const CLAIMED = {
  /** Percent; not the mean of its own parts. */
  overall: 75,
  /** Claimed, not measured. */
  complete: [
    { title: 'Architecture', claimed: 100 },
    { title: 'Code quality', claimed: 90 },
    { title: 'Testing', claimed: 85 },
    { title: 'Error handling', claimed: 90 },
    { title: 'Documentation', claimed: 80 },
  ],
} as const

/** The mean of everything that was claimed then, percent: the areas, and the parts called complete that are no areas. */
export function averageClaims(): number {
  const areas = AREAS.flatMap(({ claimed }) => claimed ?? [])
  const others = CLAIMED.complete.filter(({ title }) => !AREAS.some(area => area.title === title))
  const all = [...areas, ...others.map(({ claimed }) => claimed)]
  return Math.round((all.reduce((sum, claimed) => sum + claimed, 0) * 10) / all.length) / 10
}

/** The area that an item belongs to, and the item; `undefined` when there is no such item. */
export function findItem(id: string): { readonly area: Area; readonly item: Item } | undefined {
  for (const area of AREAS) {
    const item = area.items.find(item => item.id === id)
    if (item) return { area, item }
  }
  return undefined
}

/** Items are numbered in their order; `(optional)` behind a title says that not every deployment needs it. */
function area(
  id: string,
  title: string,
  priority: Priority,
  claimed: number | null,
  titles: readonly string[],
  need: Need = 'required',
): Area {
  const items = titles.map((text, index): Item => {
    const plain = text.replace(' (optional)', '')
    return { id: `${id}-${index + 1}`, title: plain, need: plain === text ? need : 'optional' }
  })
  return { id, title, priority, claimed, items }
}
