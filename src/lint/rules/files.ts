import type { RuleText } from '../rule.ts'

/** Checked in src/alerts, which reads Prometheus rules. */
export const rulesYaml: RuleText = {
  id: 'rules-yaml',
  severity: 'error',
  summary: 'A rule file is valid YAML',
  hint: 'Quote the value, or indent all that belongs to it deeper than its key',
}

/** Checked in src/alerts, which reads Prometheus rules. */
export const rulesShape: RuleText = {
  id: 'rules-shape',
  severity: 'error',
  summary:
    'Prometheus takes a rule file: promtool says so where it is installed, and otherwise only its shape is known',
  hint: 'See what promtool check rules says of it',
}

/** Checked in src/handbook, which reads `handbook.yaml` and the files that it names. */
export const handbookFile: RuleText = {
  id: 'handbook-file',
  severity: 'error',
  summary: 'handbook.yaml has only known keys and valid values',
  hint: 'See the reference of handbook.yaml',
}
