import type { OpenQuestion, RunFact } from '../../../src/journal/index.ts'
import type {
  AlertNowFiring,
  AlertPlot,
  ApprovalView,
  IncidentMessage,
  Now,
  ServedEnvironment,
  Session,
} from '../../../src/wire/index.ts'

export const LAB: ServedEnvironment = { name: 'lab', host: 'ops-laptop', lab: true, protected: false, others: [] }
export const SESSION: Session = { person: 'ana', role: 'responder', environments: [LAB] }
const BY = { user: 'ana', host: 'ops-laptop', pid: 4711 }

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

const listAlerts = (): readonly AlertNowFiring[] => [
  {
    name: 'UploadBridgeStorageFilling',
    severity: 'critical',
    since: ago(250),
    labels: { alertname: 'UploadBridgeStorageFilling', severity: 'critical', mountpoint: '/var/lib/upload-bridge' },
    summary: 'The storage volume /var/lib/upload-bridge is 91 % full',
    page: { id: 'storage-filling', title: 'The storage volume is filling up', permalink: '/runbooks/storage-filling' },
  },
  {
    name: 'UploadBridgeDownstreamFailing',
    severity: 'warning',
    since: ago(75),
    labels: { alertname: 'UploadBridgeDownstreamFailing', severity: 'warning' },
    summary: 'No delivery has succeeded for 2 minutes',
    page: { id: 'downstream-down', title: 'Deliveries fail', permalink: '/runbooks/downstream-down' },
    run: '20261129-031400-a1b2',
  },
]

/** Two alerts fire, a run is under way for one, and a change is unreverted. */
export function twoAlerts(): Now {
  const time = new Date().toISOString()
  const card = { procedure: 'downstream-down', environment: 'lab', by: { ...BY, user: 'ben' } }
  return {
    environment: LAB,
    time,
    sources: [
      { name: 'Prometheus', asked: true, answered: time },
      { name: 'Alertmanager', asked: true, answered: time },
    ],
    blind: false,
    approvals: [],
    incidents: [],
    alerts: listAlerts(),
    underWay: [{ ...card, run: '20261129-031400-a1b2', title: 'Deliveries fail', started: ago(70) }],
    unreverted: [
      { run: '20261128-190000-zz9z', procedure: 'storage-filling', changes: ['Refuse new uploads for now'] },
    ],
    changes: [
      {
        ...card,
        run: '20261128-190000-zz9z',
        procedure: 'storage-filling',
        title: 'The storage volume is filling up',
        started: ago(30_000),
        outcome: 'failed',
      },
    ],
  }
}

export function nothingFires(): Now {
  return { ...twoAlerts(), alerts: [], underWay: [], unreverted: [] }
}

export function blind(): Now {
  const now = twoAlerts()
  return {
    ...now,
    blind: true,
    sources: [
      { name: 'Prometheus', asked: true, answered: ago(2) },
      { name: 'Alertmanager', asked: true, answered: ago(95), why: 'connect ECONNREFUSED 127.0.0.1:9093' },
    ],
  }
}

const STEPS = [
  ['usage', 'How full is the volume?', 'diagnose', 'read'],
  ['partials', 'Are stale partial uploads the cause?', 'diagnose', 'read'],
  ['shed', 'Refuse new uploads for now', 'mitigate', 'change'],
  ['purge-partials', 'Delete stale partial uploads', 'mitigate', 'danger'],
  ['canary', 'A canary upload is delivered again', 'verify', 'read'],
  ['admit', 'Admit uploads again', 'roll-back', 'change'],
] as const

const HASH = 'a'.repeat(64)

export function began(): RunFact {
  return {
    type: 'run.started',
    procedure: 'storage-filling',
    path: 'runbooks/storage-filling.md',
    title: 'The storage volume is filling up',
    environment: 'lab',
    target: {},
    params: {},
    contentHash: HASH,
    by: BY,
    mode: 'interactive',
    steps: STEPS.map(([id, title, phase, risk]) => ({
      id,
      title,
      phase,
      risk,
      meta: { timeout: 300_000, retries: 0, every: 0 },
    })),
  }
}

export function starts(step: (typeof STEPS)[number][0]): RunFact {
  const [, title = '', phase = '', risk = 'read'] = STEPS.find(([id]) => id === step) ?? []
  return { type: 'step.started', step, title, phase, risk, attempt: 1, blockHash: HASH }
}

export function prints(step: string, text: string): RunFact {
  return { type: 'step.output', step, stream: 'stdout', text }
}

export function passes(step: string, value?: { readonly [key: string]: number | string }): RunFact {
  return { type: 'step.finished', step, status: 'passed', seconds: 0.4, ...(value ? { value } : {}) }
}

/** Diagnose, up to its suggestion. */
export function diagnosed(): RunFact[] {
  return [
    began(),
    { type: 'phase.started', phase: 'diagnose' },
    starts('usage'),
    prints('usage', 'Filesystem  Use%\n/dev/loop3  \u001b[1;31m91%\u001b[0m\n'),
    passes('usage', { percent: 91 }),
    starts('partials'),
    prints('partials', '37 partial uploads, oldest 3d\n'),
    {
      type: 'step.suggested',
      step: 'partials',
      suggests: 'purge-partials',
      why: '37 stale partial uploads on a volume 91 % full',
    },
    passes('partials', { stale: 37 }),
    { type: 'phase.started', phase: 'mitigate' },
  ]
}

export const MAY_SHED: OpenQuestion = {
  id: '1',
  asked: new Date().toISOString(),
  step: 'shed',
  message: 'May “Refuse new uploads for now” run?',
  about: 'Clients see 503, and are asked to retry.',
  choices: ['run', 'skip', 'to-end', 'stop'],
  withReason: ['skip'],
}

export const MAY_PURGE: OpenQuestion = {
  ...MAY_SHED,
  id: '2',
  step: 'purge-partials',
  message: 'May “Delete stale partial uploads” run?',
  choices: ['run', 'skip', 'back', 'stop'],
}

export const WHAT_NOW: OpenQuestion = {
  ...MAY_SHED,
  id: '3',
  step: 'purge-partials',
  message: '“Delete stale partial uploads” did not pass. What now?',
  choices: ['end', 'retry', 'skip', 'roll-back', 'stop'],
}

export function planned(): RunFact {
  return {
    type: 'step.planned',
    step: 'purge-partials',
    by: 'partials',
    items: Array.from({ length: 37 }, (_, at) => `uploads/2026-11-2${at % 6}/part-${1000 + at}`),
    hash: HASH,
    until: new Date(Date.now() + 600_000).toISOString(),
  }
}

/** The rest of a run that heals. */
export function healed(): RunFact[] {
  return [
    starts('purge-partials'),
    prints('purge-partials', '37 partial uploads deleted, 41 GB freed\n'),
    passes('purge-partials'),
    { type: 'phase.started', phase: 'verify' },
    starts('canary'),
    passes('canary', { seconds: 2 }),
    {
      type: 'run.finished',
      outcome: 'healed',
      seconds: 94,
      standing: [],
      rollBack: [],
      basis: { mitigated: ['purge-partials'], verified: ['canary'] },
      alerts: {
        asked: 'none-fires',
        alerts: ['UploadBridgeStorageFilling'],
        at: new Date().toISOString(),
        from: 'http://127.0.0.1:9093',
      },
    },
  ]
}

/** An incident with all that it can have; its next word is overdue. */
export function incident(id: string): IncidentMessage {
  const run = '20261129-031400-a1b2'
  const entry = (at: number, kind: 'incident' | 'alert' | 'run' | 'change' | 'note', text: string) => ({
    id: `i${at}`,
    time: ago(400 - at),
    kind,
    text,
    by: 'ana',
  })
  return {
    time: new Date().toISOString(),
    incident: {
      id,
      environment: 'lab',
      declared: ago(400),
      declaredBy: 'ana',
      severity: 'SEV1',
      sees: 'Uploads fail with 503 for about every third customer',
      roles: { commander: 'ana', acts: 'ben' },
      offers: { commander: 'ben', talks: 'ana' },
      due: ago(125),
      word: { text: 'We look into it', time: ago(300) },
      questions: [
        { id: 5, text: 'Since when do deliveries wait?', by: 'ben', time: ago(200) },
        { id: 6, text: 'Who called storage?', by: 'ben', time: ago(190), answer: 'ana' },
      ],
      alerts: [
        { id: 'a', name: 'UploadBridgeStorageFilling', since: ago(500) },
        { id: 'b', name: 'UploadBridgeDownstreamFailing', since: ago(450), ended: ago(100) },
      ],
      pinned: ['i4'],
      untold: [],
      changes: [
        { run, step: 'shed', title: 'Refuse new uploads for now', by: 'ben', time: ago(90), state: 'stands' },
        { run, step: 'purge', title: 'Delete stale partial uploads', by: 'ben', time: ago(60), state: 'open' },
      ],
      unreverted: [{ run, changes: ['Refuse new uploads for now'] }],
      timeline: [
        entry(1, 'alert', 'UploadBridgeStorageFilling fires'),
        entry(2, 'incident', 'The incident was declared'),
        { ...entry(4, 'note', '<b>storage</b> was called'), pinned: true },
        { ...entry(7, 'change', 'Changed: Refuse new uploads for now'), id: `${run}.9`, run },
      ],
      measured: { declared: ago(400) },
    },
  }
}

/** A run that waits for somebody else. */
export function waitsForApproval(): RunFact {
  return { type: 'run.waiting', for: 'approval', step: 'purge-partials', message: 'carla must approve' }
}

export const APPROVAL: ApprovalView = {
  step: 'purge-partials',
  title: 'Delete stale partial uploads',
  risk: 'danger',
  environment: 'lab',
  by: 'ana on ops-laptop',
  why: '37 stale partial uploads on a volume 91 % full',
  irreversible: 'what is deleted is gone',
  touches: ['uploads/part-1', 'uploads/part-2'],
  usualMost: 1,
  code: 'bridgectl uploads purge --partial',
  endsIn: 3_000_000,
  command: 'npx handbook runs approve 20261129-031500-k7f2 purge-partials --key ~/.ssh/id_ed25519',
}

/** A volume that filled up: what its alert looks at, on nine hosts. */
export const FILLED: AlertPlot = {
  alert: 'UploadBridgeStorageFilling',
  from: '2026-11-29T03:00:00Z',
  until: '2026-11-29T03:15:00Z',
  state: 'drawn',
  ruleOf: 'prometheus',
  expressions: ['free < 0.15 and predict_linear(free[1h], 14400) < 0'],
  curves: [
    {
      expression: 'free',
      limits: [{ operator: '<', expression: '0.15', values: Array.from({ length: 181 }, () => 0.15) }],
      series: Array.from({ length: 6 }, (_, host) => ({
        labels: { __name__: 'free', job: 'api', instance: `host-${host}` },
        values: Array.from({ length: 181 }, (_, at) => (at < 20 ? null : 0.9 - at / 220 + host / 50)),
      })),
      more: 3,
    },
    { expression: 'predict_linear(free[1h], 14400)', limits: [], series: [], more: 0 },
  ],
  more: 0,
}
