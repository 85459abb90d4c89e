import type { AlertRule } from '../../alerts/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Area } from '../../readiness/index.ts'
import { guess, UsageError } from '../errors.ts'

/** A runbook to be written: every section, an example step in each phase, and TODO wherever only its author knows. */
export function writeRunbook(draft: Draft): string {
  const { title, alert, owner, file, fault } = draft
  const steps = fault === undefined ? exampleSteps(draft) : UNWRITTEN
  const owners = Object.keys(file.owners)
  const matter = writeFrontMatter([
    `title: ${quote(title)}`,
    alert ? `alerts: [${alert}]` : 'alerts: [] # TODO: the alerts that lead here, as the rule files call them',
    owner ? `owner: ${owner}` : `# owner: one of ${owners.join(', ') || 'the owners in handbook.yaml'}`,
    fault === undefined
      ? '# drills: [{ fault: NAME, expect: [mend] }] proves the page against a real fault: handbook lab break --help'
      : `drills: [{ fault: ${fault}, expect: [mend] }]`,
    '# reviewed: YYYY-MM-DD, once a colleague has read and tried it',
  ])
  return `${matter}

## Meaning

${describeRule(draft)}TODO: what is wrong when this is open, in a sentence or two, and from which number on.

## Impact

TODO: who notices what, whether anything is lost by waiting, and how long there is.

## Diagnose

${steps.diagnose}

## Mitigate

${steps.mitigate}

## Verify

${steps.verify}

## Roll back

TODO: what is left to undo and how, or why there is nothing.

## Escalate

TODO: after how many minutes, to whom${describeContact(draft)}, and what they will want to know.

## Prevent

TODO: what keeps it from happening again.
`
}

/** The steps of a page, by their phases. */
type Steps = Readonly<Record<'diagnose' | 'mitigate' | 'verify', string>>

function exampleSteps({ name, file }: Draft): Steps {
  return {
    diagnose: `### Is the machine overloaded? <!-- #load -->

TODO: replace this example. A step asks for one cause; it suggests a step of Mitigate, or rules the cause out.

\`\`\`bash
load=$(cut -d ' ' -f 1 /proc/loadavg)
if [ "\${load%.*}" -lt "$(nproc)" ]; then hb rule-out "the load is only $load"; fi
hb suggest mend "the load is $load"
\`\`\``,
    mitigate: `### Restart the service <!-- #mend -->

TODO: replace this example. Say what it costs; a change has a step that undoes it, or says why not.

\`\`\`bash irreversible="a restart is over when it is done"
${file.services[0] ? `hb service ${file.services[0]} restart` : `systemctl restart ${name}`}
\`\`\``,
    verify: `### The service answers <!-- #answers -->

TODO: replace this example by what its users need, such as a whole order.

\`\`\`ts retries=10 every=2s
const { status } = await http(${file.target.url ? 'target.url' : "'http://127.0.0.1:8080'"})
expect(status).toBe(200)
\`\`\``,
  }
}

/** Steps that nobody has written yet: each fails, and says what it is to do. */
const UNWRITTEN: Steps = {
  diagnose: `### Is this the cause? <!-- #cause -->

TODO: say what is looked at. A step asks for one cause; it suggests a step of Mitigate, or rules the cause out.

\`\`\`bash
cause=$(echo 'TODO: print what shows the cause; or hb rule-out WHY' >&2; false)
hb suggest mend "$cause"
\`\`\``,
  mitigate: `### Mend it <!-- #mend -->

TODO: say what it costs; a change has a step that undoes it, or says why not.

\`\`\`bash irreversible="TODO: why there is nothing to undo"
echo 'TODO: mend it' >&2
false
\`\`\``,
  verify: `### Users get what they need again <!-- #works -->

TODO: say what is looked at: what users need, and not that a process runs.

\`\`\`bash
echo 'TODO: see that it works again' >&2
false
\`\`\``,
}

function describeRule({ rule }: Draft): string {
  if (!rule) return ''
  const span = rule.for ? `has been so for ${rule.for}` : 'is so'
  return `\`${rule.alert}\` fires when this ${span}:\n\n\`\`\`promql\n${rule.expr.trim()}\n\`\`\`\n\n`
}

function describeContact({ owner, file }: Draft): string {
  const contact = owner === undefined ? undefined : file.owners[owner]?.contact
  return contact ? ` (${contact})` : ''
}

/**
 * An assessment page to be written: the items of the area of its name, and one check. Throws a `UsageError` when the
 * catalogue has no such area.
 */
export function writeAssessment({ name, title, owner, file, areas }: Draft): string {
  const items = areas ? findArea(name, areas).items : [{ id: `${name}-1`, title: 'TODO: what must be so' }]
  const matter = writeFrontMatter([
    `title: ${quote(title)}`,
    `area: ${name}`,
    'items:',
    ...items.map(item => `  ${item.id}: ${quote(item.title)}`),
    owner && `owner: ${owner}`,
  ])
  return `${matter}

TODO: what this area is about, and why it matters in production.

## Checks

### The service answers <!-- #answers -->

TODO: replace this example. A check is named as a sentence that is true or false, observes the running target, and names behind
\`breaks=\` the fault that must make it fail.

\`\`\`ts item=${items[0]?.id ?? 'ID'}
const { status } = await http(${file.target.url ? 'target.url' : "'http://127.0.0.1:8080'"})
expect(status).toBe(200)
\`\`\`
`
}

function findArea(name: string, areas: readonly Area[]): Area {
  const area = areas.find(({ id }) => id === name)
  if (area) return area
  const known = areas.map(({ id }) => id)
  throw new UsageError(`The readiness assessment has no area ${name}`, guess(name, known))
}

/** A guide to be written: a procedure of two steps, of which the second reads what the first gave. */
export function writeGuide({ title, owner }: Draft): string {
  const matter = writeFrontMatter([`title: ${quote(title)}`, owner && `owner: ${owner}`])
  return `${matter}

TODO: what is done when this has been followed, how long it takes, and what has to be at hand.

## Procedure

### Look at what is there <!-- #look -->

TODO: replace this example. What a step returns, later steps read.

\`\`\`ts risk=read
const free = (await $\`df --output=avail --block-size=1 /\`).stdout.split('\\n')[1]
return { free: Number(free) }
\`\`\`

### Tell what was found <!-- #tell -->

TODO: replace this example.

\`\`\`bash
echo "$STEP_LOOK_FREE bytes are free"
\`\`\`
`
}

/** What is known of a page before anybody has written it. */
export interface Draft {
  /** Its id, which is its file's name. */
  readonly name: string
  readonly title: string
  readonly file: HandbookFile
  readonly owner?: string
  readonly alert?: string
  /** The alert's rule, when a rule file has it. */
  readonly rule?: AlertRule
  /** The fault that the page heals, where it is begun together with it; its steps fail until somebody has written them. */
  readonly fault?: string
  /** The areas of the catalogue, for an assessment page; without one it lists its own items. */
  readonly areas?: readonly Area[]
}

/** Front matter from its lines; those without a value are left out. */
function writeFrontMatter(lines: readonly (string | undefined)[]): string {
  return ['---', ...lines.filter(line => line !== undefined), '---'].join('\n')
}

/** A text as YAML reads it back. */
function quote(text: string): string {
  return /^[\w(][^:#{}[\],&*!|>'"%@`]*$/.test(text.trim()) ? text.trim() : JSON.stringify(text)
}
