import type { RuleText } from '../rule.ts'

const HINT = 'Let promtool check rules have a look at it'

/** Checked in src/alerts, which reads Prometheus rules. */
export const rulesYaml: RuleText = {
  id: 'rules-yaml',
  severity: 'error',
  summary: 'A rule file is valid YAML',
  hint: HINT,
}

/** Checked in src/alerts, which reads Prometheus rules. */
export const rulesShape: RuleText = {
  id: 'rules-shape',
  severity: 'error',
  summary: 'A rule file has the shape that Prometheus expects',
  hint: HINT,
}

/** Checked in src/handbook, which reads `handbook.yaml` and the files that it names. */
export const handbookFile: RuleText = {
  id: 'handbook-file',
  severity: 'error',
  summary: 'handbook.yaml has only known keys and valid values',
  hint: 'See the reference of handbook.yaml',
}
