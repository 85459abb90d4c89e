import type { AlertRule } from '../../alerts/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Area } from '../../readiness/index.ts'

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
export function writeFrontMatter(lines: readonly (string | undefined)[]): string {
  return ['---', ...lines.filter(line => line !== undefined), '---'].join('\n')
}

/** A text as YAML reads it back. */
export function quote(text: string): string {
  return /^[\w(][^:#{}[\],&*!|>'"%@`]*$/.test(text.trim()) ? text.trim() : JSON.stringify(text)
}
