import type { Problem, Severity } from '../base/index.ts'
import type { Place } from '../procedure/index.ts'

/** What a rule demands of an author. */
export interface Rule {
  readonly severity: Severity
  /** One sentence that is true of a good page. */
  readonly summary: string
  /** What to do when it is not. */
  readonly hint: string
}

const FILES = {
  'handbook-file': error('handbook.yaml says what it may say', 'See the reference of handbook.yaml'),
  'rules-yaml': error('A rule file is valid YAML', 'Let promtool check rules have a look at it'),
  'rules-shape': error(
    'A rule file has the shape that Prometheus expects',
    'Let promtool check rules have a look at it',
  ),
  'alert-has-page': error(
    'An alert with a runbook_url has a page that names it; for alerts check, every alert',
    'Add the alert to alerts: of the page',
  ),
  'runbook-url': error(
    'runbook_url leads to a page of this handbook',
    'Make it the handbook’s url, then /folder/id of the page',
  ),
  'alert-described': warning(
    'An alert says how severe it is, and what is wrong in a line and in a sentence',
    'Give it the label severity, and the annotations summary and description',
  ),
  'fault-drilled': warning(
    'A page drills each of the lab’s faults',
    'Name it in drills: of the page that heals it; what only proves a check is a mutation',
  ),
  'script-shown': error('A page shows every script', 'Show it: a fence with file= of its path; or delete it'),
  'proof-file': error('A proof has the shape that drills write', 'Delete it, and prove the page again: handbook drill'),
  'proof-sources': error(
    'The sources of whatever a proof stands on can be read',
    'Put the file back, or correct the import: until then no proof stands on it',
  ),
  'environment-secrets': error(
    'An environment names every secret that the handbook declares, for the same steps',
    'Add it to secrets of the environment in handbook.yaml',
  ),
} as const satisfies Readonly<Record<string, Rule>>

const STRUCTURE = {
  markdown: error('A page is valid Markdown; an .mdx page is valid MDX', 'Escape { and <, or call the page .md'),
  'front-matter': error('Front matter is valid YAML, and its values fit', 'See the reference of front matter'),
  'near-miss-heading': error('No heading is nearly the name of a phase', 'Write the phase as it is called'),
  'one-phase-each': error('A phase stands on a page once', 'Move the steps together'),
  'unique-ids': error('Headings have ids of their own', 'Give one of them another id: <!-- #id -->'),
  'one-block-each': error('A step has one executable block', 'Give each block a level-3 heading of its own'),
  'step-has-block': error('A step has something to run', 'Add a ts or bash block, or use a level-4 heading'),
  'fence-in-html': error('No executable fence hides in raw HTML', 'Leave an empty line between the HTML and the fence'),
  'fence-outside-step': error('Executable fences stand in steps', 'Move it into a step, or mark it static'),
  'known-language': error('A fence in a phase runs, or shows output', 'Use ts or bash, an output language, or static'),
  'known-meta': error('Every word behind a language means something', 'See what may stand behind a language'),
  'closed-fence': error('A fence is closed', 'Close it with as many characters as it was opened with'),
  'undoes-a-step': error('undoes= names another step of the page', 'Name a step by its id'),
  'when-undoes': error(
    'when= stands beside undoes=, and says when a step that is not temporary is undone',
    'Add undoes=STEP, or remove when=',
  ),
} as const satisfies Readonly<Record<string, Rule>>

const BLOCKS = {
  types: error(
    'What a ts block uses exists, and is used as what it is',
    'The block runs as it stands here; correct it',
  ),
  'bash-syntax': error('bash can read a bash block', 'Try the block with bash -n'),
  shellcheck: warning('ShellCheck finds nothing to warn of in a bash block', 'Write # shellcheck disable=SC… above it'),
  'bash-variable': error(
    'A bash block reads only variables that have a value',
    'Assign it, or give it a default with :-',
  ),
  'hb-verb': error('hb is called as it can be', 'See hb --help'),
  'suggests-a-step': error('What is suggested is a step of Mitigate', 'Name a step by its id'),
  'known-service': error('A service is declared in handbook.yaml', 'Add it to services in handbook.yaml'),
  'script-matches': error(
    'A script and the fence that shows it are equal',
    'Write the script into the page: handbook check --fix',
  ),
} as const satisfies Readonly<Record<string, Rule>>

const REFERENCES = {
  'front-matter-key': error(
    'No key of the front matter is a misspelt one of ours',
    'Correct its spelling, or rename it',
  ),
  'unique-page-ids': error(
    'A name leads to one page: ids, and the alerts that pages answer',
    'Rename the file, or give it an id in the front matter',
  ),
  'required-section': error(
    'A runbook has all of its sections, each with content',
    'Fill it, or say why there is nothing to do',
  ),
  'way-back': error(
    'A change has its way back, or says why not',
    'Add a step with undoes=ID, or irreversible="why" to this one',
  ),
  'temporary-undone': error('A temporary measure is taken back', 'Add a step with undoes=ID to Roll back'),
  'alert-exists': error('The alerts of a page are in the rule files', 'Add the rule, or correct the name'),
  'has-drill': warning('A runbook has a drill', 'Add drills: with a fault that the lab knows'),
  'drill-fault': error('A drill’s fault is one that the lab knows, once a page', 'See handbook lab break --help'),
  'drill-expects': error('A drill expects steps of Mitigate', 'Name a step by its id'),
  'drill-alert': error('A drill waits for an alert of its page', 'Add it to alerts:, or name another one'),
  // Whichever part changed: only a lab can prove it again, and a correction must not wait for one.
  'proof-current': warning(
    'What was proven is what is there now: the page, the fault and what is shipped',
    'Prove it again: handbook drill. It stays a warning, for a page must be corrected where no lab can run',
  ),
  'known-owner': error(
    'A runbook has an owner whom handbook.yaml knows',
    'Add owner: with one of the owners in handbook.yaml',
  ),
  'reviewed-lately': warning(
    'A person has read a runbook within the time that a review holds',
    'Read it, try it, and set reviewed: to today',
  ),
  'reviewed-past': error('A review lies in the past', 'Set reviewed: to the day on which a person has read the page'),
  'link-resolves': error('Links lead to files that exist', 'Correct the path; it is relative to this page'),
  'anchor-resolves': error(
    'Anchors lead to headings that exist',
    'Correct the anchor, or give the heading this id: <!-- #id -->',
  ),
  'image-exists': error(
    'Images exist',
    'Correct the path; it is relative to this page, or to static/ when it begins with /',
  ),
  'no-secret': error(
    'No credential stands on a page',
    'Revoke it, then name where it is kept: secrets in handbook.yaml, and secret() in a block',
  ),
  'finished-prose': error('No TODO, FIXME or TBD is left in a procedure', 'Finish it, or move it to the issue tracker'),
} as const satisfies Readonly<Record<string, Rule>>

const READINESS = {
  'known-area': error('An assessment page assesses an area of the catalogue', 'Add area: with one of its ids'),
  'area-items': error(
    'An assessment page lists each item of its area, as the catalogue calls it',
    'Copy it from the catalogue into items:',
  ),
  'item-has-check': warning('Each item of an area is measured', 'Add a check with item=ID behind its language'),
  'check-item': error('A check measures items of its page', 'Add item=ID behind its language'),
  'known-breakage': error(
    'What must make a check fail can be brought about',
    'Add the mutation to src/lab/mutations/, or correct the name',
  ),
  'not-applicable': error(
    'Only what not every deployment needs can be not applicable, and for a reason',
    'Take it out of notApplicable:, or give the reason',
  ),
} as const satisfies Readonly<Record<string, Rule>>

const WAIVERS = {
  'waiver-target': error(
    'A waiver names a rule, and a step of its page',
    'See the list of rules, or handbook check --explain RULE',
  ),
  'waiver-allowed': error('A waiver is of a rule that can be waived', 'Do what the rule demands'),
  'waiver-reason': error('A waiver says why', 'Add reason: with what the next reader must know'),
  'waiver-until': error(
    'A waiver ends on a day, within a year',
    'Add until: with the day on which somebody looks at it again',
  ),
  'waiver-current': warning('A waiver has not expired', 'Do what the rule demands, or say anew why not and until when'),
  'waiver-used': warning('A waiver waives something', 'Delete it: the rule holds without it'),
} as const satisfies Readonly<Record<string, Rule>>

/** Rules that belong together. */
export interface Topic {
  readonly title: string
  readonly rules: Readonly<Record<string, Rule>>
  /** Why no page may waive them, when none may. */
  readonly never?: string
}

/** The rules by what they are about. */
export const TOPICS: readonly Topic[] = [
  {
    title: 'Structure',
    rules: STRUCTURE,
    never: 'a page that is not read as it was meant is not run',
  },
  { title: 'Blocks', rules: BLOCKS },
  { title: 'What pages, alerts and drills say of each other', rules: REFERENCES },
  { title: 'Readiness', rules: READINESS },
  {
    title: 'Files beside the pages',
    rules: FILES,
    never: 'what is wrong stands in a file that has no front matter',
  },
  { title: 'Waivers', rules: WAIVERS, never: 'a waiver may not waive what is demanded of waivers' },
]

/** Every rule by its id. */
export const RULES = { ...FILES, ...STRUCTURE, ...BLOCKS, ...REFERENCES, ...READINESS, ...WAIVERS }

/** Whether an id is that of a rule. */
export function isRule(id: string): id is RuleId {
  return Object.hasOwn(RULES, id)
}

/** Why no page may waive a rule; nothing when one may. */
export function whyNeverWaived(rule: RuleId): string | undefined {
  return TOPICS.find(({ rules }) => Object.hasOwn(rules, rule))?.never
}

/** A rule's stable id. */
export type RuleId = keyof typeof RULES

/** A problem of a rule, as severe as the rule, with the rule's hint unless there is a better one. */
export function makeProblem(
  rule: RuleId,
  file: string,
  { line, column }: Place,
  message: string,
  more: Partial<Pick<Problem, 'expected' | 'found' | 'hint'>> = {},
): Problem {
  const { severity, hint } = RULES[rule]
  return { file, line, column, rule, severity, message, hint, ...more }
}

function error(summary: string, hint: string): Rule {
  return { severity: 'error', summary, hint }
}

function warning(summary: string, hint: string): Rule {
  return { severity: 'warning', summary, hint }
}
