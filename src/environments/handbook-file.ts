import * as z from 'zod/mini'
import { DURATION_PATTERN, documentKey } from '../base/index.ts'

const texts = () => z._default(z.array(z.string()), [])
const text = () => z.optional(z.string())
const fact = z.union([z.string(), z.number(), z.boolean()])

const service = z.strictObject({
  start: documentKey('Shell command that starts it', text()),
  stop: documentKey('Shell command that stops it', text()),
  restart: documentKey('Shell command that restarts it', text()),
  reload: documentKey('Shell command that lets it read its configuration again', text()),
  status: documentKey('Shell command that says how it is', text()),
  logs: documentKey('Shell command that shows its newest log lines', text()),
})
const secret = z
  .strictObject({
    env: documentKey('The variable of whoever runs a procedure that holds it', text()),
    file: documentKey('The file that holds it, relative to `handbook.yaml`', text()),
    command: documentKey(
      'The shell command that prints it, such as `pass show web`, run beside `handbook.yaml`',
      text(),
    ),
    for: documentKey(
      'Which steps get it: `read`, all of them; `change`, those that change something',
      z._default(z.enum(['read', 'change']), 'change'),
    ),
  })
  .check(
    z.refine(
      ({ env, file, command }) => [env, file, command].filter(source => source !== undefined).length === 1,
      'expected exactly one of env, file and command',
    ),
  )
const publicKey = z
  .string()
  .check(
    z.regex(
      /^(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*(?: .*)?$/,
      'Expected an SSH public key: ssh-ed25519 AAAA…',
    ),
  )
const approverKeys = z.union([publicKey, z.array(publicKey).check(z.minLength(1))])
const environment = z.strictObject({
  lab: documentKey(
    'Facts, services and paths come from the practice deployment that is running',
    z._default(z.boolean(), false),
  ),
  auto: documentKey(
    'How far a run goes without asking: `read`, `change` or `danger`; otherwise `read`, in the lab `danger`',
    z.optional(z.enum(['read', 'change', 'danger'])),
  ),
  protected: documentKey(
    'Whether a `danger` step wants the approval of somebody else than who runs it',
    z._default(z.boolean(), false),
  ),
  approvers: documentKey(
    'Who may approve: user name to SSH public key, or a list of them',
    z._default(z.record(z.string().check(z.regex(/^[\w.@+-]+$/)), approverKeys), {}),
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
    'Where each secret comes from, `env`, `file` or `command`, and which steps get it, `for`',
    z._default(z.record(z.string(), secret), {}),
  ),
  prometheusUrl: documentKey('Where metrics are asked for', z.optional(z.url())),
  alertmanagerUrl: documentKey('Where it is asked which alerts fire', z.optional(z.url())),
  hosts: documentKey('The machines that `assertHost` accepts; any when there are none', texts()),
})
const factType = z.strictObject({
  type: documentKey(
    'What every environment states here: `string`, `number` or `boolean`',
    z.enum(['string', 'number', 'boolean']),
  ),
  description: documentKey('What the fact is, for whoever reads or writes a page', z.string()),
})
const declaredSecret = z.strictObject({
  description: documentKey('What the secret opens, for whoever reads or writes a page', z.string()),
  for: documentKey(
    'Which steps get it everywhere: `read`, all of them; `change`, those that change something',
    z._default(z.enum(['read', 'change']), 'change'),
  ),
})
const owner = z.strictObject({
  name: documentKey('What the team is called', z.string()),
  contact: documentKey('Where it is reached at 03:00', z.string()),
  description: documentKey('What it looks after', text()),
})
const shellCommand = () => z.string().check(z.minLength(1))
const labCommands = z.strictObject({
  up: documentKey('Stands it up and returns when it is ready, or stays and prints its status', shellCommand()),
  down: documentKey('Ends it, or clears away what a killed one left', shellCommand()),
  status: documentKey('Prints its status as JSON; `{"state": "down"}` or nothing when it is down', shellCommand()),
  break: documentKey('Brings about the fault of its last argument, and returns when it is in effect', shellCommand()),
  heal: documentKey('Undoes the fault of its last argument, or all without one', shellCommand()),
})
const lab = z
  .strictObject({
    module: documentKey(
      'The JavaScript module that exports it as `lab`: a path relative to this file, or a package’s',
      text(),
    ),
    commands: documentKey('The shell commands that do what it does, run beside this file', z.optional(labCommands)),
    name: documentKey('What the commands stand up, as people call it', text()),
    faults: documentKey(
      'What the commands can break: name to title; without it any name is tried',
      z.optional(z.record(z.string(), z.string())),
    ),
  })
  .check(
    z.refine(
      ({ module, commands }) => (module === undefined) !== (commands === undefined),
      'expected either module or commands',
    ),
    z.refine(
      ({ module, name, faults }) => module === undefined || (name === undefined && faults === undefined),
      'expected name and faults beside commands only: a module says them itself',
    ),
  )
const environmentName = z.string().check(z.regex(/^[a-z][\w-]*$/))

/** The shape of `handbook.yaml`. */
export const handbookFileSchema = z.strictObject({
  title: documentKey('The handbook’s title', z._default(z.string(), 'Operations handbook')),
  tagline: documentKey('One line that says what it is, beside the title on its site', z._default(z.string(), '')),
  url: documentKey('Where the handbook is published; the `runbook_url` of alerts begins with it', z.url()),
  reviewEvery: documentKey(
    'How long a review holds; an older page gives a warning',
    z._default(z.string().check(z.regex(DURATION_PATTERN)), '180d'),
  ),
  pages: documentKey('Folders of pages, relative to this file', z._default(z.array(z.string()), ['docs', 'runbooks'])),
  rules: documentKey('Prometheus rule files, or folders of `*.rules.yaml`', texts()),
  proofs: documentKey('The folder of proofs', z._default(z.string(), 'static/proofs')),
  readiness: documentKey('The catalogue of what assessment pages measure: a YAML file', text()),
  target: documentKey(
    'The facts that every environment states of its target: name to `type` and `description`',
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
    'Who looks after pages: id to `name`, `contact` and `description`',
    z._default(z.record(z.string(), owner), {}),
  ),
  lab: documentKey(
    'The practice deployment, for drills and proofs: its `module`, or the `commands` that do what it does',
    z.optional(lab),
  ),
  environments: documentKey('Where procedures run', z._default(z.record(environmentName, environment), {})),
})

/** What `handbook.yaml` says. */
export type HandbookFile = z.infer<typeof handbookFileSchema>
