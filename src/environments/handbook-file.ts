import * as z from 'zod/mini'
import { DURATION_PATTERN, documentKey, type Problem, parseYaml } from '../base/index.ts'
import { HANDBOOK_FILE } from './handbook.ts'
import { lab } from './lab-schema.ts'
import { monitoringKeys, onAlertKey } from './monitoring-keys.ts'
import { notify } from './notify-schema.ts'
import { onCall } from './on-call-schema.ts'
import { postmortems } from './postmortems-schema.ts'
import { quantitiesKeySchema } from './quantities-schema.ts'
import { secret } from './secret-schema.ts'
import { serve } from './serve-schema.ts'

const texts = () => z._default(z.array(z.string()), [])
const text = () => z.optional(z.string())
const fact = z.union([z.string(), z.number(), z.boolean()])

const service = z.strictObject({
  start: documentKey('Shell command that starts the service', text()),
  stop: documentKey('Shell command that stops the service', text()),
  restart: documentKey('Shell command that restarts the service', text()),
  reload: documentKey('Shell command that makes the service read its configuration again', text()),
  status: documentKey('Shell command that prints the status of the service', text()),
  logs: documentKey('Shell command that prints the newest log lines of the service', text()),
})
const publicKey = z
  .string()
  .check(
    z.regex(
      /^(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*(?: .*)?$/,
      'Expected an SSH public key: ssh-ed25519 AAAA…',
    ),
  )
const approverKeys = z.union([publicKey, z.array(publicKey).check(z.minLength(1))])
const acknowledgement = z.strictObject({
  page: documentKey('The routine that finds it, by its id', z.string()),
  step: documentKey('The step that fails, by its id', z.string()),
  until: documentKey(
    'The last day on which the finding does not fail the routine, such as `2027-01-31`',
    z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2027-01-31')),
  ),
  owner: documentKey('Who works on it: one of the `owners`', z.string()),
  reason: documentKey('What is known, and what is done about it', z.string().check(z.minLength(1))),
})
const userName = () => z.string().check(z.regex(/^[\w.@+-]+$/))
const beforehand = z.strictObject({
  page: documentKey('The page’s id', z.string()),
  step: documentKey('The step’s id; the page lists what it touches, `touches=`', z.string()),
  role: documentKey('Whose runs it allows: a role of this environment', z.string()),
  max: documentKey(
    'How many things the step may touch; above it, somebody has to approve',
    z.int().check(z.positive()),
  ),
})
const environment = z
  .strictObject({
    lab: documentKey(
      'Facts, services and paths come from the practice deployment that is running',
      z._default(z.boolean(), false),
    ),
    auto: documentKey(
      'How far a run goes without asking: `read`, `change` or `danger`; the default is `read`, in the lab `danger`',
      z.optional(z.enum(['read', 'change', 'danger'])),
    ),
    protected: documentKey(
      'Whether a `danger` step needs the approval of somebody other than the operator',
      z._default(z.boolean(), false),
    ),
    approvers: documentKey(
      'Who may approve: user name to SSH public key, or a list of them',
      z._default(z.record(z.string().check(z.regex(/^[\w.@+-]+$/)), approverKeys), {}),
    ),
    sharedAccount: documentKey(
      'Whether several people use the account that starts runs; `root` always counts as such',
      z._default(z.boolean(), false),
    ),
    roles: documentKey(
      'The roles of people here: name to a list of user names',
      z._default(z.record(z.string(), z.array(userName())), {}),
    ),
    approvedBeforehand: documentKey(
      'Dangerous steps that people of a role may run without waiting for an approval: `page`, `step`, `role` and `max`',
      z._default(z.array(beforehand), []),
    ),
    approvalValidFor: documentKey(
      'How long an approval is valid from the time when it is asked for; the default is `1h`',
      z.optional(z.string().check(z.regex(DURATION_PATTERN))),
    ),
    target: documentKey(
      'The facts, by the names under the file’s own `target`',
      z._default(z.record(z.string(), fact), {}),
    ),
    services: documentKey(
      'For each service the commands for `start`, `stop`, `restart`, `reload`, `status` and `logs`',
      z._default(z.record(z.string(), service), {}),
    ),
    path: documentKey('Folders put before the `PATH` of every step', texts()),
    variables: documentKey('Variables that every step gets', z._default(z.record(z.string(), z.string()), {})),
    secrets: documentKey(
      'Where each secret comes from, `env`, `file`, `command` or `issue`, and which steps get it, `for`',
      z._default(z.record(z.string(), secret), {}),
    ),
    changes: documentKey(
      'Where a run may change something: `terminal`, only in a person’s terminal, and not from the browser; without it, in both',
      z.optional(z.enum(['terminal'])),
    ),
    ...monitoringKeys,
    onAlert: onAlertKey,
    acknowledged: documentKey(
      'Findings of routines that somebody works on: `page`, `step`, `until`, `owner`, `reason`',
      z._default(z.array(acknowledgement), []),
    ),
    hosts: documentKey(
      'The machines on which `danger` steps may run and `assertHost` passes; without them, any machine',
      texts(),
    ),
    shareEvidence: documentKey(
      'Whether everybody who may read a run may also read its evidence; without it, only who ran it',
      z._default(z.boolean(), false),
    ),
    lock: documentKey(
      'The folder, shared by everybody who acts on the environment, in which runs lock what they change; without it, only runs of one checkout exclude each other',
      z.optional(z.string().check(z.minLength(1))),
    ),
  })
  .check(
    z.refine(
      ({ roles, approvedBeforehand }) => approvedBeforehand.every(({ role }) => Object.hasOwn(roles, role)),
      'expected every role of approvedBeforehand under roles',
    ),
  )
const factType = z.strictObject({
  type: documentKey(
    'What every environment states here: `string`, `number` or `boolean`',
    z.enum(['string', 'number', 'boolean']),
  ),
  description: documentKey('What the fact is, for readers and authors of pages', z.string()),
})
const declaredSecret = z.strictObject({
  description: documentKey('What the secret opens, for readers and authors of pages', z.string()),
  for: documentKey(
    'Which steps get it everywhere: `read`, all of them; `change`, those that change something',
    z._default(z.enum(['read', 'change']), 'change'),
  ),
})
const owner = z.strictObject({
  name: documentKey('The name of the team', z.string()),
  contact: documentKey('How to reach the team at 03:00', z.string()),
  description: documentKey('The pages or parts that the team looks after', text()),
})
const environmentName = z.string().check(z.regex(/^[a-z][\w-]*$/))

/** The shape of `handbook.yaml`. */
export const handbookFileSchema = z.strictObject({
  title: documentKey('The handbook’s title', z._default(z.string(), 'Operations handbook')),
  tagline: documentKey('One line about the handbook, beside the title on its site', z._default(z.string(), '')),
  url: documentKey(
    'The URL where the handbook is published; the `runbook_url` of alerts begins with this URL',
    z.url(),
  ),
  runbookAnnotation: documentKey(
    'The annotation of an alert that names its runbook, such as `runbook` or `playbook_url`',
    z._default(z.string().check(z.regex(/^[a-zA-Z_]\w*$/)), 'runbook_url'),
  ),
  thresholdBasis: documentKey(
    'Whether each alert must say what its threshold rests on, in the annotation `basis`: `required`; `advised`, a warning of `alerts check` where another alert has one; `off`',
    z._default(z.enum(['required', 'advised', 'off']), 'advised'),
  ),
  consequences: documentKey(
    'What alerts may mean for customers, the worst first; each alert says one of them in the annotation `consequence`, and lists are in this order',
    texts(),
  ),
  reviewEvery: documentKey(
    'How long a review is valid; a page with an older review gives a warning',
    z._default(z.string().check(z.regex(DURATION_PATTERN)), '180d'),
  ),
  drillEvery: documentKey(
    'How long a proof is valid; a page with an older proof gives a warning',
    z._default(z.string().check(z.regex(DURATION_PATTERN)), '90d'),
  ),
  pages: documentKey('Folders of pages, relative to this file', z._default(z.array(z.string()), ['docs', 'runbooks'])),
  rules: documentKey('Prometheus rule files, or folders of `*.rules.yaml`', texts()),
  proofs: documentKey('The folder of proofs', z._default(z.string(), 'static/proofs')),
  readiness: documentKey('The catalogue of what assessment pages measure: a YAML file', text()),
  quantities: documentKey(
    'The numbers that pages share: their `file`, and the pages `in` which each number must be one of them',
    z.optional(quantitiesKeySchema),
  ),
  target: documentKey(
    'The facts that every environment gives of its target: name to `type` and `description`',
    z._default(z.record(z.string(), factType), {}),
  ),
  secrets: documentKey(
    'The secrets that every environment names: name to `description` and `for`',
    z._default(z.record(z.string(), declaredSecret), {}),
  ),
  services: documentKey(
    'The services that a procedure may start, stop, restart, reload, or ask for status or logs',
    texts(),
  ),
  owners: documentKey(
    'The owners of pages: id to `name`, `contact` and `description`',
    z._default(z.record(z.string(), owner), {}),
  ),
  postmortems: documentKey('Where what not everybody may read is kept: `private`', z.optional(postmortems)),
  onCall: documentKey('Where the rota comes from, with the telephones: a `command` or a `file`', z.optional(onCall)),
  notify: documentKey(
    'Who is told that an approval is awaited, a `command` or a `webhook`; and of incidents, a `chat`',
    z.optional(notify),
  ),
  serve: documentKey(
    'The tokens of `handbook serve`, `webhookToken`, `metricsToken` and `noteToken`, and the `proxy` that signs people in',
    z.optional(serve),
  ),
  lab: documentKey(
    'The practice deployment, for drills and proofs: its `module`, or its shell `commands`',
    z.optional(lab),
  ),
  environments: documentKey(
    'The environments in which procedures run',
    z._default(z.record(environmentName, environment), {}),
  ),
})

/** What `handbook.yaml` says. */
export type HandbookFile = z.infer<typeof handbookFileSchema>

/** Reads the text of a `handbook.yaml`; wrong keys and values are named at their own place. */
export function parseHandbookFile(
  text: string,
): { readonly file: HandbookFile } | { readonly problems: readonly Problem[] } {
  const result = parseYaml(text, handbookFileSchema, { file: HANDBOOK_FILE, rule: 'handbook-file' })
  return 'data' in result ? { file: result.data } : result
}
