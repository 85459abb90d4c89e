import type { StructureRule } from '../../procedure/index.ts'
import type { Rule } from '../rule.ts'

/** Problems that src/procedure finds while it reads a page as a program. */
const TEXTS: Readonly<Record<StructureRule, { readonly summary: string; readonly hint: string }>> = {
  markdown: {
    summary: 'A page is valid Markdown; an .mdx page is valid MDX',
    hint: 'Escape { and <, or call the page .md',
  },
  'front-matter': {
    summary: 'Front matter is valid YAML, and its values fit',
    hint: 'See the reference of front matter',
  },
  'near-miss-heading': {
    summary: 'No heading is nearly the name of a phase',
    hint: 'Write the phase as it is called',
  },
  'one-phase-each': { summary: 'A page has each phase only once', hint: 'Move the steps together' },
  'phase-runs': {
    summary: 'A page has steps only in phases that pages of its kind run',
    hint: 'Move the steps to a phase that runs, or to a page of their own',
  },
  'unique-ids': { summary: 'Each heading has its own id', hint: 'Give one of them another id: <!-- #id -->' },
  'one-block-each': {
    summary: 'A step has one executable block',
    hint: 'Give each block its own level-3 heading',
  },
  'step-has-block': {
    summary: 'A step has something to run, and a phase has a step',
    hint: 'Add a ts or bash block, or use a level-4 heading',
  },
  'fence-in-html': {
    summary: 'No executable fence and no heading hides in raw HTML',
    hint: 'Leave an empty line between the HTML and the fence',
  },
  'fence-outside-step': {
    summary: 'Executable fences are inside steps',
    hint: 'Move it into a step, or mark it static',
  },
  'known-language': {
    summary: 'A fence in a phase runs, or shows output',
    hint: 'Use ts or bash, an output language, or static',
  },
  'known-meta': {
    summary: 'Every word behind a language means something',
    hint: 'See which words may follow a language',
  },
  'closed-fence': {
    summary: 'A fence, a comment and a block of HTML are closed',
    hint: 'Close a fence with as many characters as it was opened with, and a comment with -->',
  },
  'undoes-a-step': { summary: 'undoes= names another step of the page', hint: 'Name a step by its id' },
  'when-undoes': {
    summary: 'when= needs undoes=, and says when to undo a step that is not temporary',
    hint: 'Add undoes=STEP, or remove when=',
  },
}

/** The rules that src/procedure checks. A page's `problems` name them. */
export const structureRules: readonly Rule[] = Object.entries(TEXTS).map(([id, text]) => ({
  id,
  severity: 'error',
  ...text,
}))
